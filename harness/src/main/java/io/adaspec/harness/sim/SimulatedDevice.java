package io.adaspec.harness.sim;

import io.adaspec.engine.EngineConfig;
import java.util.Optional;

/// Target and draft on a device, as far as a simulation needs to know them.
///
/// @param name of the deployment, for example `a100-llama2-7b`
/// @param device what runs it, for example `1 x A100-SXM4-80GB`
/// @param target name of the target model
/// @param draft name of the draft model, empty without one
/// @param targetCost target forwards
/// @param draftCost draft forwards, empty without a draft
/// @param stepOverheadNanos `o_v`: host time of every step outside the forwards
/// @param draftOverheadNanos `o_d`: further host time of a step that drafts
/// @param limits batch, context and cache: what fits the device's memory beside the weights
public record SimulatedDevice(
    String name,
    String device,
    String target,
    Optional<String> draft,
    ForwardCost targetCost,
    Optional<ForwardCost> draftCost,
    double stepOverheadNanos,
    double draftOverheadNanos,
    EngineConfig limits) {
  public SimulatedDevice {
    if (draft.isPresent() != draftCost.isPresent()) {
      throw new IllegalArgumentException(name + ": a draft needs a cost, and a cost a draft");
    }
    if (!(stepOverheadNanos >= 0) || !(draftOverheadNanos >= 0)) {
      throw new IllegalArgumentException(
          name + ": overheads must be >= 0: " + stepOverheadNanos + ", " + draftOverheadNanos);
    }
  }

  /// The same device with other limits.
  public SimulatedDevice withLimits(EngineConfig other) {
    return new SimulatedDevice(
        name,
        device,
        target,
        draft,
        targetCost,
        draftCost,
        stepOverheadNanos,
        draftOverheadNanos,
        other);
  }
}
