package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.SpeculationPolicy;

/// A policy that fixes one chain length for all requests before a step drafts.
abstract class StepLengthPolicy implements SpeculationPolicy {
  private int length;

  /// `k` of this step.
  abstract int length(BatchView batch);

  @Override
  public final void grow(BatchView batch, DraftBatch drafts) {
    if (drafts.forwards() == 0) {
      length = length(batch);
    }
    if (drafts.forwards() < length) {
      expandLeaves(drafts);
    }
  }

  /// Asks for one more token on every chain that has room.
  static void expandLeaves(DraftBatch drafts) {
    for (int token = drafts.newest(); token < drafts.tokens().end(); token++) {
      drafts.expand(token, 1);
    }
  }
}
