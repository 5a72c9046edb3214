package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftTokens;
import java.util.Arrays;

/// What the tokens of a step are worth, by their number in [DraftTokens]: the estimated probability
/// that the target accepts a token and all before it, times the weight of its request. A root is
/// worth its request's weight. Reused; grows, never shrinks.
///
/// Beside the values are kept what decisions need of them: their sum, the value of those that are
/// worth their verification, and the leaves that may grow.
final class DraftValues {
  private final AcceptanceCalibration calibration;
  private final RequestAcceptance requests;
  private double[] values = new double[64];
  private int[] cells = new int[64];
  private int[] contexts = new int[16];
  private int from;
  private int to;
  private double sum;
  private double least;
  private double worth;
  private int worthwhile;
  private int[] leaves = new int[64];
  private double[] leafValues = new double[64];
  private int leafCount;
  private double leafSum;
  private double leastLeaf;
  private long leafContext;
  private int leafRequests;

  DraftValues(AcceptanceCalibration calibration, RequestAcceptance requests) {
    this.calibration = calibration;
    this.requests = requests;
  }

  /// Starts from the roots.
  void begin(BatchView batch, SloSlack slack) {
    int size = batch.size();
    if (contexts.length < size) {
      contexts = new int[2 * size];
    }
    provide(size);
    worth = 0;
    for (int i = 0; i < size; i++) {
      values[i] = slack.weight(i);
      worth += values[i];
      contexts[i] = batch.request(i).contextTokens();
    }
    from = size;
    to = size;
    sum = 0;
    least = Double.POSITIVE_INFINITY;
    worthwhile = 0;
  }

  private void provide(int tokens) {
    if (values.length < tokens) {
      values = Arrays.copyOf(values, 2 * tokens);
      cells = Arrays.copyOf(cells, 2 * tokens);
      leaves = Arrays.copyOf(leaves, 2 * tokens);
      leafValues = Arrays.copyOf(leafValues, 2 * tokens);
    }
  }

  /// Rates the tokens that the last draft forward added, and finds among them the leaves: those
  /// that may grow.
  ///
  /// @param price what a token has to be worth to be verified
  void rate(DraftBatch drafts, double price) {
    DraftTokens tokens = drafts.tokens();
    int depth = drafts.forwards();
    double next = calibration.expectedAcceptance(depth + 1, 0);
    to = tokens.end();
    provide(to);
    double allSum = sum;
    double leastOfAll = least;
    double worthSum = worth;
    int count = worthwhile;
    double firstSum = 0;
    double secondSum = 0;
    int seconds = 0;
    int grown = 0;
    double growingSum = 0;
    double leastGrowing = Double.POSITIVE_INFINITY;
    long context = 0;
    int previous = -1;
    int requestsGrown = 0;
    for (int token = drafts.newest(); token < to; token++) {
      int i = tokens.request(token);
      float confidence = tokens.draftProb(token);
      int rank = tokens.rank(token);
      int cell = AcceptanceCalibration.cell(depth, rank, confidence);
      double acceptance = calibration.acceptance(cell, confidence);
      if (rank == 0) {
        firstSum += acceptance;
      } else {
        secondSum += acceptance;
        seconds++;
      }
      double value = values[tokens.parent(token)] * requests.of(i, acceptance);
      values[token] = value;
      cells[token] = cell;
      allSum += value;
      leastOfAll = value < leastOfAll ? value : leastOfAll;
      if (value > price) {
        worthSum += value;
        count++;
      }
      if (drafts.hasRoom(token, 1)) {
        double child = value * requests.of(i, next);
        leaves[grown] = token;
        leafValues[grown++] = child;
        growingSum += child;
        leastGrowing = child < leastGrowing ? child : leastGrowing;
        context += contexts[i] + depth;
        requestsGrown += i == previous ? 0 : 1;
        previous = i;
      }
    }
    sum = allSum;
    least = leastOfAll;
    worth = worthSum;
    worthwhile = count;
    leafCount = grown;
    leafSum = growingSum;
    leastLeaf = leastGrowing;
    leafContext = context;
    leafRequests = requestsGrown;
    calibration.drafted(depth, 0, to - drafts.newest() - seconds, firstSum);
    calibration.drafted(depth, 1, seconds, secondSum);
  }

  double value(int token) {
    return values[token];
  }

  /// Cell of the calibration that a draft token is in.
  int cell(int token) {
    return cells[token];
  }

  /// Value of the roots and of the draft tokens that are worth their verification.
  double worth() {
    return worth;
  }

  /// Draft tokens that are worth their verification.
  int worthwhile() {
    return worthwhile;
  }

  /// All draft tokens, by value.
  void rank(ValueOrder order) {
    order.begin(values, from, to, sum, least);
  }

  int leafCount() {
    return leafCount;
  }

  /// The number of a leaf's token.
  int leaf(int leaf) {
    return leaves[leaf];
  }

  /// Requests that have leaves.
  int leafRequests() {
    return leafRequests;
  }

  /// Cached tokens that a draft forward with all leaves reads.
  long leafContext() {
    return leafContext;
  }

  /// The leaves, by what their first child is expected to be worth. Siblings compete for the room
  /// of their request, so that they are sorted at once.
  void rankLeaves(ValueOrder order) {
    order.begin(leafValues, 0, leafCount, leafSum, leastLeaf);
    if (leafRequests < leafCount) {
      order.sort();
    }
  }
}
