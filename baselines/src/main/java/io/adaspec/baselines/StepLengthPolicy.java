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
      drafts.expandNewest();
    }
  }
}
