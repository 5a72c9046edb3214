package io.adaspec.harness.sim.gpu;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.harness.sim.SimulatedDevice;
import java.util.List;

/// Simulated devices by name. The limits are those of a vLLM-like engine on the deployment's
/// memory.
public final class Deployments {
  static final int MAX_BATCH = 256;
  static final int MAX_BATCH_TOKENS = 2048;

  /// Most draft tokens of a request for which memory is set aside: the paper's `k_max`.
  static final int DRAFT_TOKENS = 8;

  /// Assumed: scheduling, input preparation, sampling's copy to the host and detokenisation of a
  /// step that do not overlap with the device. A synchronous engine leaves an H200 idle for a
  /// quarter of steps of an 8B model of about 8 ms.
  private static final double STEP_OVERHEAD_NANOS = 1.5e6;

  /// Assumed: building proposals and the verification's inputs, and bookkeeping of their
  /// acceptance.
  private static final double DRAFT_OVERHEAD_NANOS = 0.5e6;

  /// Assumed: host time between two draft forwards, whose inputs never leave the device.
  private static final double DRAFT_FORWARD_NANOS = 0.1e6;

  private Deployments() {}

  /// Names of ready-made deployments; [#named] takes any other of the same form too.
  public static List<String> list() {
    return CatalogueTable.lines("deployments.txt");
  }

  /// @param name see [DeploymentSpec]
  /// @throws IllegalArgumentException for an unknown part, parts that do not go together, or models
  ///   that do not fit the memory, saying by how much
  public static SimulatedDevice named(String name) {
    DeploymentSpec spec = DeploymentSpec.parse(name);
    MemoryPlan memory = MemoryPlan.of(spec);
    return new SimulatedDevice(
        spec.name(),
        spec.deviceText(),
        spec.target().name(),
        spec.draft().map(ModelShape::name),
        new RooflineCost(spec.device(), spec.target(), spec.devices(), spec.weights(), 0),
        spec.draft()
            .map(
                draft ->
                    new RooflineCost(
                        spec.device(), draft, 1, WeightType.FP16, DRAFT_FORWARD_NANOS)),
        STEP_OVERHEAD_NANOS,
        DRAFT_OVERHEAD_NANOS,
        new EngineConfig(
            new SchedulerConfig(MAX_BATCH, MAX_BATCH_TOKENS, spec.context()),
            memory.blocks(),
            MemoryPlan.BLOCK_SIZE));
  }
}
