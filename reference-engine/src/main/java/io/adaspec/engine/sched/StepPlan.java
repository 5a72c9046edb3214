package io.adaspec.engine.sched;

import io.adaspec.engine.sched.ScheduledWork.Decode;
import io.adaspec.engine.sched.ScheduledWork.PrefillChunk;
import io.adaspec.engine.spec.BatchView;
import java.util.List;

/// What one step runs.
///
/// @param decodes index `i` here is index `i` of the batch, the proposals and the verdicts
/// @param preempted sequences that gave up their blocks for this plan
public record StepPlan(
    BatchView batch, List<Decode> decodes, List<PrefillChunk> prefills, int preempted) {
  public StepPlan {
    decodes = List.copyOf(decodes);
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
    return decodes.isEmpty() && prefills.isEmpty();
  }
}
