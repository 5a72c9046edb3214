package io.adaspec.harness.run;

import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.Stimulus;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes down what is simulated, for `run.json`.
public final class SimulationDescription {
  private SimulationDescription() {}

  /// The description of a run that starts now.
  ///
  /// @param startedAt ISO-8601 instant
  /// @param injections as given
  /// @param tooLong what was done about requests longer than the context
  public static RunInfo of(
      String startedAt,
      PolicySpec policy,
      Simulation.Spec spec,
      WorkloadSettings settings,
      List<String> injections,
      String tooLong,
      Map<String, String> metadata) {
    WorkloadPlan workload = spec.workload();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("deployment", deployment(spec.device()));
    config.put("engine", RunDescription.engine(spec.device().limits()));
    config.put("acceptance", acceptance(spec.acceptance()));
    config.put("noise", spec.noise());
    config.put("injections", injections);
    config.put("profile", "of the simulated device, measured with its noise");
    if (spec.maxConcurrency().isPresent()) {
      config.put("load", Map.of("max_concurrency", spec.maxConcurrency().getAsInt()));
    }
    Trace trace = workload.trace();
    Map<String, Object> requests =
        RunDescription.trace(settings, trace.format(), trace.sha256(), trace.losses());
    requests.put("too_long", tooLong);
    config.put("slo_classes", RunDescription.sloClasses(spec.objectives()));
    requests.put(
        Stimulus.ARRIVALS_DIGEST,
        RunDescription.arrivals(
            workload.requests().stream().mapToLong(PlannedRequest::arrivalNanos)));
    config.put("workload", requests);
    config.put("metadata", new TreeMap<>(metadata));
    return RunInfo.started(
        startedAt,
        "simulated engine: " + spec.device().name(),
        policy.name(),
        spec.seed(),
        spec.acceptance().provenance(),
        spec.objectives().defaults(),
        new RunInfo.Workload(
            trace.name(),
            WorkloadDigest.of(workload),
            workload.requests().size(),
            workload.promptTokens(),
            workload.outputTokens()),
        config,
        RunDescription.versions(Map.of()),
        ProjectVersion.commit(),
        spec.device().device(),
        RunDescription.host());
  }

  private static Map<String, Object> deployment(SimulatedDevice device) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", device.name());
    map.put("device", device.device());
    map.put("target", device.target());
    map.put("draft", device.draft().orElse(""));
    map.put("step_overhead_ns", device.stepOverheadNanos());
    map.put("draft_overhead_ns", device.draftOverheadNanos());
    return map;
  }

  private static Map<String, Object> acceptance(AcceptanceSource source) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", source.name());
    switch (source) {
      case AcceptanceSource.Recorded recorded -> {
        Rollouts.Header header = recorded.library().header();
        map.put("target", header.target().name());
        map.put("target_digest", header.target().digest());
        map.put("draft", header.draft().name());
        map.put("draft_digest", header.draft().digest());
        map.put("recorded_at", header.recordedAt());
        map.put("prompts", header.prompts().name());
        map.put("generations", recorded.library().generations());
        map.put("positions", recorded.library().positions());
      }
      case AcceptanceSource.Synthetic synthetic -> map.put("parameters", synthetic.model());
    }
    return map;
  }
}
