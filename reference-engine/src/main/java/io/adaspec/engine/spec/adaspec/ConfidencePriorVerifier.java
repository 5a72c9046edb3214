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

  private final EfficiencyEstimator estimator;
  private final ChainTails tails = new ChainTails();
  private final long[] least = new long[PADDING];

  ConfidencePriorVerifier(EfficiencyEstimator estimator) {
    this.estimator = estimator;
  }

  /// @param expectedTokens `E` before pruning
  /// @param draftTokens all of the batch
  void prune(BatchView batch, DraftBatch drafts, double expectedTokens, int draftTokens) {
    int surplus = batch.size() + draftTokens - paddedBatch(batch.size() + draftTokens);
    if (surplus == 0 || surplus > draftTokens) {
      return;
    }
    double expected = expectedTokens;
    tails.begin(drafts);
    for (int rank = 0; rank < surplus; rank++) {
      long tail = tails.least();
      least[rank] = tail;
      expected -= drafts.proposal(ChainTails.request(tail)).survival(ChainTails.node(tail));
      tails.take(drafts);
    }
    double before = expectedTokens / estimator.stepNanos(draftTokens, 0);
    double after = expected / estimator.stepNanos(draftTokens - surplus, 0);
    if (after >= before) {
      for (int rank = 0; rank < surplus; rank++) {
        drafts.proposal(ChainTails.request(least[rank])).drop(ChainTails.node(least[rank]));
      }
    }
  }

  /// The largest padded batch size that is not above `tokens`: powers of two up to 32, then
  /// multiples of 32.
  static int paddedBatch(int tokens) {
    return tokens < PADDING ? Integer.highestOneBit(tokens) : tokens / PADDING * PADDING;
  }
}
