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
      expandLeaves(batch, drafts);
    }
  }

  /// Asks for one more token on every chain that has room.
  static void expandLeaves(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    for (int i = 0; i < batch.size(); i++) {
      if (drafts.proposal(i).hasRoom(depth, 1)) {
        drafts.expand(i, depth, 1);
      }
    }
  }
}
