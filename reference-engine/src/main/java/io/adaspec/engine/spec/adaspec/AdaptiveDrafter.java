package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftTokens;

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

  /// `T` of what has been drafted, as predicted before the forward.
  private double stepNanos;

  /// The tokens to go on from, and the cached tokens of their requests.
  private int[] leaves = new int[16];

  private int leafCount;
  private long leafContext;

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

  /// Predicted `T` of the step with what has been drafted.
  double stepNanos() {
    return stepNanos;
  }

  /// Asks for the next draft forward, or for none.
  void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    if (depth == 0) {
      begin(batch);
    } else {
      count(drafts);
      double real = expectedTokens / stepNanos;
      if (real < goodput) {
        return;
      }
      goodput = real;
    }
    if (depth < maxLength && deeperPays(batch, drafts, depth)) {
      for (int leaf = 0; leaf < leafCount; leaf++) {
        drafts.expand(leaves[leaf], 1);
      }
    }
  }

  private void begin(BatchView batch) {
    estimator.begin(batch);
    expectedTokens = batch.size();
    draftTokens = 0;
    stepNanos = estimator.stepNanos(0, 0);
    goodput = expectedTokens / stepNanos;
    if (leaves.length < batch.size()) {
      leaves = new int[2 * batch.size()];
    }
    leafContext = estimator.context();
  }

  /// Takes in the tokens that the last draft forward added.
  private void count(DraftBatch drafts) {
    DraftTokens tokens = drafts.tokens();
    double confidences = confidenceSum;
    double expected = expectedTokens;
    for (int token = drafts.newest(); token < tokens.end(); token++) {
      confidences += tokens.draftProb(token);
      expected += tokens.survival(token);
    }
    confidenceSum = confidences;
    confidenceCount += tokens.end() - drafts.newest();
    expectedTokens = expected;
    draftTokens = drafts.drafted();
  }

  /// Predicts `G(depth + 1)`, extrapolating with the mean confidence every chain that has room.
  private boolean deeperPays(BatchView batch, DraftBatch drafts, int depth) {
    DraftTokens tokens = drafts.tokens();
    double confidence = meanConfidence();
    int count = 0;
    double gain = 0;
    for (int token = drafts.newest(); token < tokens.end(); token++) {
      if (drafts.hasRoom(token, 1)) {
        gain += tokens.survival(token) * confidence;
        leaves[count++] = token;
      } else {
        leafContext -= batch.request(tokens.request(token)).contextTokens();
      }
    }
    leafCount = count;
    if (count == 0) {
      return false;
    }
    int forwardTokens = depth == 0 ? chargedRoots(batch) : count;
    double forward =
        estimator.draftForward(count, forwardTokens, leafContext + (long) count * depth);
    double nanos = estimator.stepNanos(draftTokens + count, forward);
    double predicted = (expectedTokens + gain) / nanos;
    boolean pays = depth == 0 ? predicted > goodput : predicted >= goodput;
    if (!pays || !estimator.eligible(nanos)) {
      return false;
    }
    estimator.drafted(forward);
    stepNanos = nanos;
    return true;
  }

  /// Tokens of the first draft forward. After a step whose drafts were all accepted, the root
  /// brings the last of them along. What else the draft missed is an investment in later steps, not
  /// charged to this one.
  private int chargedRoots(BatchView batch) {
    int sum = 0;
    for (int leaf = 0; leaf < leafCount; leaf++) {
      sum += Math.min(2, batch.request(leaves[leaf]).draftLag());
    }
    return sum;
  }
}
