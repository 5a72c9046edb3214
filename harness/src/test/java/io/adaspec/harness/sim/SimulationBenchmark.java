package io.adaspec.harness.sim;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.trace.TraceOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Simulates a trace once and several times end to end: time has to grow as the tokens do. The time
/// of the thread is its own, whatever else the machine does.
///
/// See `docs/performance.md`. Arguments: trace, deployment, policy, and how many times each run
/// repeats the trace, for example `1,2,5,10`.
final class SimulationBenchmark {
  private static final long SEED = 0;
  private static final double NOISE = 0.02;

  private SimulationBenchmark() {}

  public static void main(String... args) throws IOException {
    SimulatedDevice device = Deployments.named(args[1]);
    PolicySpec policy = Policies.parse(args[2]);
    AcceptanceSource source = AcceptanceSource.Synthetic.of(AcceptanceModel.DEFAULT, SEED);
    WorkloadSettings settings =
        new WorkloadSettings(
            Optional.of(Path.of(args[0])),
            Optional.empty(),
            Optional.empty(),
            TraceOptions.DEFAULTS,
            Optional.empty());
    WorkloadPlan once =
        TooLong.CUT.apply(
            WorkloadSource.read(settings, SEED).plan(source.library().categories()), device);
    System.out.printf(
        "%6s %12s %8s %9s %14s %12s %12s%n",
        "traces", "tokens", "wall s", "thread s", "tokens/s", "ns/token", "heap MiB");
    for (String times : args[3].split(",")) {
      run(device, policy, source, repeated(once, Integer.parseInt(times)), times);
    }
  }

  private static void run(
      SimulatedDevice device,
      PolicySpec policy,
      AcceptanceSource source,
      WorkloadPlan workload,
      String times) {
    Simulation simulation =
        new Simulation(
            new Simulation.Spec(
                device,
                SimulatedProfiler.measure(device, NOISE, SEED, source.library().acceptanceByRank()),
                source,
                workload,
                Simulations.SLO,
                SEED,
                OptionalInt.empty(),
                NOISE,
                List.of()));
    Summary.Collector collector = new Summary.Collector();
    long wall = System.nanoTime();
    long thread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    simulation.run(policy, collector, VirtualReplay.Progress.NONE);
    double threadSeconds =
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - thread) / 1e9;
    double wallSeconds = (System.nanoTime() - wall) / 1e9;
    double tokens = collector.summary().value(Scalar.OUTPUT_TOKENS);
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%6s %,12.0f %8.2f %9.2f %,14.0f %12.0f %12d%n",
        times,
        tokens,
        wallSeconds,
        threadSeconds,
        tokens / wallSeconds,
        1e9 * threadSeconds / tokens,
        runtime.totalMemory() >> 20);
  }

  /// The trace, and after its last arrival and one mean gap, again.
  private static WorkloadPlan repeated(WorkloadPlan plan, int times) {
    List<PlannedRequest> once = plan.requests();
    long last = once.getLast().arrivalNanos();
    long span = last + last / Math.max(1, once.size() - 1);
    List<PlannedRequest> all = new ArrayList<>(once.size() * times);
    for (int round = 0; round < times; round++) {
      for (PlannedRequest request : once) {
        all.add(
            new PlannedRequest(
                all.size(),
                request.arrivalNanos() + round * span,
                request.lengths(),
                request.category(),
                request.blocks()));
      }
    }
    return new WorkloadPlan(plan.trace(), all, plan.seed());
  }
}
