package io.adaspec.engine.sched;

import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.spec.BatchView;
import java.util.List;

/// What one step runs.
///
/// @param decodes index `i` here is index `i` of the batch, the proposals and the verdicts; owned
///   by the record
/// @param preempted sequences that gave up their blocks for this plan
public record StepPlan(
    BatchView batch, Sequence[] decodes, List<PrefillChunk> prefills, int preempted) {
  public StepPlan {
    prefills = List.copyOf(prefills);
  }

  /// Prompt tokens that the target's cache had held before a preemption.
  public int recomputedTokens() {
    int sum = 0;
    for (PrefillChunk chunk : prefills) {
      sum += chunk.recomputed();
    }
    return sum;
  }

  public boolean isEmpty() {
    return decodes.length == 0 && prefills.isEmpty();
  }
}
