package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.ToyDeployment;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.prompt.PromptSet;
import io.adaspec.workload.trace.TokenLengths;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceLosses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Devices, workloads and rollouts to simulate in tests.
final class Simulations {
  static final EngineConfig LIMITS = new EngineConfig(new SchedulerConfig(8, 128, 1024), 512, 16);

  /// A millisecond per forward and 50 µs per token, a fifth of it for drafts.
  static final SimulatedDevice DEVICE =
      device(
          shape -> 1e6 + 5e4 * shape.newTokens() + 10.0 * shape.contextTokens(),
          shape -> 2e5 + 1e4 * shape.newTokens() + 2.0 * shape.contextTokens());

  static final SloMix SLO = SloMix.of(new Slo(500_000_000, 20_000_000, Slo.NONE));

  private Simulations() {}

  static SimulatedDevice device(ForwardCost target, ForwardCost draft) {
    return new SimulatedDevice(
        "test",
        "test device",
        "target",
        Optional.of("draft"),
        target,
        Optional.of(draft),
        1e5,
        5e4,
        LIMITS);
  }

  static PlannedRequest request(int id, long arrivalNanos, int prompt, int output) {
    return new PlannedRequest(
        id, arrivalNanos, new TokenLengths(prompt, output), "", Optional.empty());
  }

  static WorkloadPlan plan(List<PlannedRequest> requests) {
    Trace trace = new Trace("test", "test", "0".repeat(64), List.of(), TraceLosses.NONE);
    return new WorkloadPlan(trace, requests, 0);
  }

  /// `count` requests, `gapNanos` apart.
  static WorkloadPlan regular(int count, long gapNanos, int prompt, int output) {
    List<PlannedRequest> requests = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      requests.add(request(id, id * gapNanos, prompt, output));
    }
    return plan(requests);
  }

  static AcceptanceSource synthetic() {
    return new AcceptanceSource.Synthetic(
        AcceptanceModel.DEFAULT, RolloutLibrary.of(AcceptanceModel.DEFAULT.draw(5, 20, 100)));
  }

  static Simulation simulation(SimulatedDevice device, WorkloadPlan workload, double noise) {
    return new Simulation(spec(device, workload, noise, List.of()));
  }

  static Simulation.Spec spec(
      SimulatedDevice device, WorkloadPlan workload, double noise, List<Injection> injections) {
    AcceptanceSource source = synthetic();
    return new Simulation.Spec(
        device,
        SimulatedProfiler.measure(device, noise, 3, source.library().acceptanceByRank()),
        source,
        workload,
        SLO,
        3,
        OptionalInt.empty(),
        noise,
        injections);
  }

  /// A deployment of toy models.
  static Deployment toy() {
    return ToyDeployment.load(
        new DeploymentLoader.Spec(
            Path.of("target"),
            Optional.of(new DraftModel.Separate(Path.of("draft"))),
            "cpu",
            "f32",
            1,
            DraftSampling.DETERMINISTIC,
            new DeploymentLoader.Limits(8, 128, OptionalInt.empty(), OptionalInt.empty(), 16)));
  }

  static Rollouts recorded(Deployment deployment, int tokens, int depth, int width)
      throws IOException {
    return new RolloutRecording(deployment, tokens, depth, width)
        .record(
            PromptSet.embedded(), "2026-01-02T03:04:05Z", new Clock.Virtual(), (done, total) -> {})
        .rollouts();
  }

  /// Keeps records.
  static final class Records implements RecordSink {
    final List<RequestRecord> requests = new ArrayList<>();
    final List<StepRecord> steps = new ArrayList<>();

    @Override
    public void request(RequestRecord row) {
      requests.add(row);
    }

    @Override
    public void step(StepRecord row) {
      steps.add(row);
    }
  }
}
