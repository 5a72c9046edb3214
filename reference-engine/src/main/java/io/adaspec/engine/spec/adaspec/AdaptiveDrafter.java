package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;

/// AdaSpec's adaptive drafter (2503.05096, §4.2): chooses the speculation length of the step while
/// it drafts.
///
/// Drafting goes one token deeper as long as the predicted goodput grows: extrapolated with the
/// mean confidence before a draft forward, and checked with the real confidences after it.
final class AdaptiveDrafter {
  private static final double START_CONFIDENCE = 0.6;

  private final int maxLength;
  private final EfficiencyEstimator estimator;
  private double confidenceSum;
  private long confidenceCount;
  private double goodput;
  private double expectedTokens;
  private int draftTokens;

  /// The requests that drafted last and their number; of every request, the longest chain that
  /// there is room for, and `c_i`.
  private int[] drafting = new int[16];

  private int draftingRequests;
  private int[] room = new int[16];
  private int[] contexts = new int[16];

  /// @param maxLength `k_max`
  /// @param startWeight tokens that the start value of the mean confidence counts as: without
  ///   drafting it cannot recover, so a few unsure first tokens must not decide for good
  AdaptiveDrafter(int maxLength, int startWeight, EfficiencyEstimator estimator) {
    this.maxLength = maxLength;
    this.estimator = estimator;
    this.confidenceSum = startWeight * START_CONFIDENCE;
    this.confidenceCount = startWeight;
  }

  /// `ᾱ`: running mean of the confidences of all drafted tokens.
  double meanConfidence() {
    return confidenceSum / confidenceCount;
  }

  /// `E` of what has been drafted.
  double expectedTokens() {
    return expectedTokens;
  }

  int draftTokens() {
    return draftTokens;
  }

  /// Asks for the next draft forward, or for none.
  void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    if (depth == 0) {
      begin(batch);
    } else {
      count(drafts, depth);
      double real = expectedTokens / estimator.stepNanos(draftTokens, 0);
      if (real < goodput) {
        return;
      }
      goodput = real;
    }
    if (depth < maxLength && deeperPays(batch, drafts, depth)) {
      for (int d = 0; d < draftingRequests; d++) {
        drafts.expand(drafting[d], depth, 1);
      }
    }
  }

  private void begin(BatchView batch) {
    estimator.begin(batch);
    expectedTokens = batch.size();
    draftTokens = 0;
    goodput = expectedTokens / estimator.stepNanos(0, 0);
    draftingRequests = batch.size();
    if (drafting.length < draftingRequests) {
      drafting = new int[2 * draftingRequests];
      room = new int[2 * draftingRequests];
      contexts = new int[2 * draftingRequests];
    }
    for (int i = 0; i < draftingRequests; i++) {
      RequestView request = batch.request(i);
      drafting[i] = i;
      room[i] = Math.min(request.maxDepth(), request.maxNodes());
      contexts[i] = request.contextTokens();
    }
  }

  /// Takes in the tokens that the draft forward `depth` added.
  private void count(DraftBatch drafts, int depth) {
    double confidences = confidenceSum;
    double expected = expectedTokens;
    for (int d = 0; d < draftingRequests; d++) {
      Proposal chain = drafts.proposal(drafting[d]);
      confidences += chain.draftProb(depth);
      expected += chain.survival(depth);
    }
    confidenceSum = confidences;
    expectedTokens = expected;
    confidenceCount += draftingRequests;
    draftTokens += draftingRequests;
  }

  /// Predicts `G(depth + 1)`, extrapolating with the mean confidence every chain that has room.
  private boolean deeperPays(BatchView batch, DraftBatch drafts, int depth) {
    double confidence = meanConfidence();
    int requests = 0;
    int forwardTokens = 0;
    long forwardContext = 0;
    double gain = 0;
    for (int d = 0; d < draftingRequests; d++) {
      int i = drafting[d];
      if (depth < room[i]) {
        // After a step whose drafts were all accepted, the root brings the last of them along.
        // What else the draft missed is an investment in later steps, not charged to this one.
        forwardTokens += depth == 0 ? Math.min(2, batch.request(i).draftLag()) : 1;
        forwardContext += contexts[i] + depth;
        gain += drafts.proposal(i).survival(depth) * confidence;
        drafting[requests++] = i;
      }
    }
    draftingRequests = requests;
    if (requests == 0) {
      return false;
    }
    double forward = estimator.draftForward(forwardTokens, forwardContext);
    double nanos = estimator.stepNanos(draftTokens + requests, forward);
    double predicted = (expectedTokens + gain) / nanos;
    boolean pays = depth == 0 ? predicted > goodput : predicted >= goodput;
    if (!pays || !estimator.eligible(nanos)) {
      return false;
    }
    estimator.drafted(forward);
    return true;
  }
}
