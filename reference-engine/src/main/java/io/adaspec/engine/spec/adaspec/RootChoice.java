package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;

/// Decides for which requests a step drafts at all, before any confidence is known.
///
/// The most promising requests are taken as long as their first draft token raises the predicted
/// goodput. Where not even one does, longer chains may nevertheless, since a step's fixed costs are
/// paid once: then all requests whose tokens are worth their verification are taken.
final class RootChoice {
  private final int maxDepth;
  private final AcceptanceCalibration calibration;
  private final RequestAcceptance requests;
  private final ValueOrder order = new ValueOrder();
  private final BestPrefix prefix = new BestPrefix();
  private int[] candidates = new int[16];
  private double[] values = new double[16];
  private double[] worth = new double[16];
  private double[] catchUpNanos = new double[16];
  private final double[] wonAt;
  private final int[] draftedAt;

  /// @param maxDepth longest chain
  RootChoice(int maxDepth, AcceptanceCalibration calibration, RequestAcceptance requests) {
    this.maxDepth = maxDepth;
    this.calibration = calibration;
    this.requests = requests;
    this.wonAt = new double[maxDepth + 1];
    this.draftedAt = new int[maxDepth + 1];
  }

  /// @param baseTokens weighted tokens of the step without speculation
  /// @return how many of the ranked requests are to draft
  int choose(
      BatchView batch, DraftBatch drafts, StepTimes times, SloSlack slack, double baseTokens) {
    int size = batch.size();
    if (candidates.length < size) {
      candidates = new int[2 * size];
      values = new double[2 * size];
      catchUpNanos = new double[2 * size];
      worth = new double[2 * size];
    }
    double plainGoodput = baseTokens / times.charge(0, 0);
    double first = calibration.expectedAcceptance(1, 0);
    int count = 0;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    long context = 0;
    boolean lagging = false;
    for (int i = 0; i < size; i++) {
      worth[i] = 0;
      if (drafts.hasRoom(i, 1)) {
        RequestView request = batch.request(i);
        worth[i] = slack.weight(i);
        catchUpNanos[i] = CatchUp.nanos(request, times);
        if (catchUpNanos[i] > 0) {
          lagging = true;
          double perToken = CatchUp.nanosPerToken(request, catchUpNanos[i], won(i, request));
          worth[i] -= plainGoodput * perToken;
        }
        if (worth[i] > 0) {
          double value = worth[i] * requests.of(i, first);
          candidates[count] = i;
          values[count++] = value;
          sum += value;
          least = Math.min(least, value);
          context += CatchUp.chargedContext(request);
        }
      }
    }
    if (count == 0) {
      return 0;
    }
    order.begin(values, 0, count, sum, least);
    if (lagging) {
      order.sort(); // the most promising catch up first
    }
    double one = times.forwardNanos(1, 1, context / count);
    double all = times.forwardNanos(count, count, context);
    double perRequest = (all - one) / Math.max(1, count - 1);
    prefix.expand(order, baseTokens, 0, times, one, perRequest, slack.limitNanos());
    if (prefix.count() > 0) {
      return prefix.count();
    }
    followChains(batch, plainGoodput * times.tokenCharge(0, size));
    return longerChainsPay(times, baseTokens, one, perRequest, slack.limitNanos())
        ? draftedAt[1]
        : 0;
  }

  /// Tokens that the longest chain is expected to win request `i`.
  private double won(int i, RequestView request) {
    double won = 0;
    double survival = 1;
    for (int depth = 1; depth <= longest(request); depth++) {
      survival *= requests.of(i, calibration.expectedAcceptance(depth, 0));
      won += survival;
    }
    return won;
  }

  private int longest(RequestView request) {
    return Math.min(maxDepth, Math.min(request.maxDepth(), request.maxNodes()));
  }

  /// Follows every request's chain as long as its tokens are worth their verification.
  private void followChains(BatchView batch, double tokenPrice) {
    for (int depth = 1; depth <= maxDepth; depth++) {
      wonAt[depth] = 0;
      draftedAt[depth] = 0;
    }
    for (int i = 0; i < batch.size(); i++) {
      double value = worth[i];
      for (int depth = 1; value > 0 && depth <= longest(batch.request(i)); depth++) {
        value *= requests.of(i, calibration.expectedAcceptance(depth, 0));
        if (value <= tokenPrice) {
          break;
        }
        wonAt[depth] += value;
        draftedAt[depth]++;
      }
    }
  }

  private boolean longerChainsPay(
      StepTimes times, double baseTokens, double one, double perRequest, double limitNanos) {
    double expected = baseTokens;
    double forwards = 0;
    int tokens = 0;
    double plain = baseTokens / times.charge(0, 0);
    for (int depth = 1; depth <= maxDepth && draftedAt[depth] > 0; depth++) {
      expected += wonAt[depth];
      tokens += draftedAt[depth];
      forwards += one + perRequest * (draftedAt[depth] - 1);
      if (expected / times.charge(tokens, forwards) > plain
          && times.nanos(tokens, forwards) <= limitNanos) {
        return true;
      }
    }
    return false;
  }

  /// The request at `rank` of the choice.
  int request(int rank) {
    return candidates[order.item(rank)];
  }

  /// What the request's lag adds to its first draft forward.
  double catchUpNanos(int i) {
    return catchUpNanos[i];
  }
}
