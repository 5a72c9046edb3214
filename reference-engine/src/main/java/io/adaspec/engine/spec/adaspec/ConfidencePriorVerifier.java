package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import java.util.Arrays;

/// AdaSpec's confidence prior verifier (2503.05096, §4.3): drops the draft tokens that are least
/// likely to survive, so that each request verifies a length of its own.
///
/// The rule of the released code: drop only as many as bring the token count down to the next
/// padded batch size, and only where the predicted goodput does not fall. Survival never grows
/// along a chain and ties drop the deeper token first, so prefixes remain.
final class ConfidencePriorVerifier {
  private final EfficiencyEstimator estimator;
  private long[] order = new long[64];
  private int[] requestOf = new int[64];

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
    sortBySurvival(drafts, draftTokens);
    double expected = expectedTokens;
    for (int rank = 0; rank < surplus; rank++) {
      int i = requestOf[index(order[rank])];
      expected -= drafts.proposal(i).survival(depth(order[rank]));
    }
    double before = expectedTokens / estimator.stepNanos(draftTokens, 0);
    double after = expected / estimator.stepNanos(draftTokens - surplus, 0);
    if (after >= before) {
      for (int rank = 0; rank < surplus; rank++) {
        drafts.proposal(requestOf[index(order[rank])]).drop(depth(order[rank]));
      }
    }
  }

  /// The largest padded batch size that is not above `tokens`: powers of two up to 32, then
  /// multiples of 32.
  static int paddedBatch(int tokens) {
    return tokens < 32 ? Integer.highestOneBit(tokens) : tokens / 32 * 32;
  }

  private void sortBySurvival(DraftBatch drafts, int draftTokens) {
    if (draftTokens > order.length) {
      order = new long[2 * draftTokens];
      requestOf = new int[2 * draftTokens];
    }
    int count = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Proposal chain = drafts.proposal(i);
      for (int node = 1; node <= chain.size(); node++) {
        requestOf[count] = i;
        order[count] = key(chain.survival(node), node, count);
        count++;
      }
    }
    Arrays.sort(order, 0, count);
  }

  /// Ascending survival, then descending depth; the bits of non-negative floats order like the
  /// floats.
  private static long key(float survival, int depth, int index) {
    return (long) Float.floatToRawIntBits(survival) << 32 | (long) (0xFF - depth) << 24 | index;
  }

  private static int depth(long key) {
    return 0xFF - (int) (key >>> 24 & 0xFF);
  }

  private static int index(long key) {
    return (int) (key & 0xFFFFFF);
  }
}
