package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.DraftTokens;
import io.adaspec.engine.spec.RequestView;

/// AdaSpec's adaptive drafter (2503.05096, §4.2): chooses the speculation length of the step while
/// it drafts.
///
/// Drafting goes one token deeper as long as the predicted goodput grows: extrapolated with the
/// mean confidence before a draft forward, and checked with the real confidences after it.
final class AdaptiveDrafter {
  private static final double START_CONFIDENCE = 0.6;

  /// Tokens that a root is charged for in the first draft forward, at most: after a step whose
  /// drafts were all accepted, it brings the last of them along. What else the draft missed is an
  /// investment in later steps, not charged to this one.
  private static final int CHARGED_LAG = 2;

  private final int maxLength;
  private final EfficiencyEstimator estimator;
  private double confidenceSum;
  private long confidenceCount;
  private double goodput;
  private double expectedTokens;
  private int draftTokens;

  /// `T` of what has been drafted, as predicted before the forward.
  private double stepNanos;

  /// Of the newest tokens, those that have room for another one: their number, the sum of their
  /// survivals, and the cached tokens of their requests.
  private int leaves;

  private double leafSurvival;
  private long leafContext;

  /// What the next draft forward is charged for.
  private int forwardTokens;

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
      begin(batch, drafts);
    } else {
      count(batch, drafts);
      double real = expectedTokens / stepNanos;
      if (real < goodput) {
        return;
      }
      goodput = real;
    }
    if (depth < maxLength && leaves > 0 && deeperPays(depth)) {
      drafts.expandNewest();
    }
  }

  private void begin(BatchView batch, DraftBatch drafts) {
    estimator.begin(batch);
    expectedTokens = batch.size();
    draftTokens = 0;
    stepNanos = estimator.stepNanos(0, 0);
    goodput = expectedTokens / stepNanos;
    leaves = 0;
    leafContext = estimator.context();
    forwardTokens = 0;
    for (int root = 0; root < batch.size(); root++) {
      RequestView request = batch.request(root);
      if (drafts.hasRoom(root, 1)) {
        leaves++;
        forwardTokens += Math.min(CHARGED_LAG, request.draftLag());
      } else {
        leafContext -= request.contextTokens();
      }
    }
    leafSurvival = leaves;
  }

  /// Takes in the tokens that the last draft forward added.
  private void count(BatchView batch, DraftBatch drafts) {
    DraftTokens tokens = drafts.tokens();
    double confidences = confidenceSum;
    double expected = expectedTokens;
    double survivals = 0;
    int count = 0;
    for (int token = drafts.newest(); token < tokens.end(); token++) {
      double survival = tokens.survival(token);
      confidences += tokens.draftProb(token);
      expected += survival;
      if (drafts.hasRoom(token, 1)) {
        survivals += survival;
        count++;
      } else {
        leafContext -= batch.request(tokens.request(token)).contextTokens();
      }
    }
    confidenceSum = confidences;
    confidenceCount += tokens.end() - drafts.newest();
    expectedTokens = expected;
    draftTokens = drafts.drafted();
    leaves = count;
    leafSurvival = survivals;
    forwardTokens = count;
  }

  /// Predicts `G(depth + 1)`, extrapolating with the mean confidence every chain that has room.
  private boolean deeperPays(int depth) {
    double forward =
        estimator.draftForward(leaves, forwardTokens, leafContext + (long) leaves * depth);
    double nanos = estimator.stepNanos(draftTokens + leaves, forward);
    double predicted = (expectedTokens + leafSurvival * meanConfidence()) / nanos;
    boolean pays = depth == 0 ? predicted > goodput : predicted >= goodput;
    if (!pays || !estimator.eligible(nanos)) {
      return false;
    }
    estimator.drafted(forward);
    stepNanos = nanos;
    return true;
  }
}
