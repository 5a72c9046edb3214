package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;

/// AdaSpec's confidence prior verifier (2503.05096, §4.3): drops the draft tokens that are least
/// likely to survive, so that each request verifies a length of its own.
///
/// The rule of the released code: drop only as many as bring the token count down to the next
/// padded batch size, and only where the predicted goodput does not fall. Survival never grows
/// along a chain and ties drop the deeper token first, so prefixes remain.
final class ConfidencePriorVerifier {
  /// Distance of padded batch sizes, at most.
  private static final int PADDING = 32;

  /// A bound has to hold by so much that rounding cannot matter.
  private static final double ROUNDING = 1 + 1e-9;

  private final EfficiencyEstimator estimator;
  private final ChainTails tails = new ChainTails();
  private final int[] least = new int[PADDING];

  ConfidencePriorVerifier(EfficiencyEstimator estimator) {
    this.estimator = estimator;
  }

  /// @param expectedTokens `E` before pruning
  /// @param stepNanos predicted `T` before pruning
  void prune(BatchView batch, DraftBatch drafts, double expectedTokens, double stepNanos) {
    int draftTokens = drafts.drafted();
    int surplus = batch.size() + draftTokens - paddedBatch(batch.size() + draftTokens);
    if (surplus == 0 || surplus > draftTokens) {
      return;
    }
    double before = expectedTokens / stepNanos;
    double nanosAfter = estimator.stepNanos(draftTokens - surplus, 0);
    double expected = expectedTokens;
    tails.begin(drafts);
    if ((expected - surplus * tails.leastSurvival()) * ROUNDING / nanosAfter < before) {
      return; // even if all were as unlikely as the least
    }
    for (int rank = 0; rank < surplus; rank++) {
      int token = tails.take(drafts);
      least[rank] = token;
      expected -= drafts.tokens().survival(token);
      if (!(expected / nanosAfter >= before)) {
        return; // with fewer expected tokens it does not rise again
      }
    }
    for (int rank = 0; rank < surplus; rank++) {
      drafts.drop(least[rank]);
    }
  }

  /// The largest padded batch size that is not above `tokens`: powers of two up to 32, then
  /// multiples of 32.
  static int paddedBatch(int tokens) {
    return tokens < PADDING ? Integer.highestOneBit(tokens) : tokens / PADDING * PADDING;
  }
}
