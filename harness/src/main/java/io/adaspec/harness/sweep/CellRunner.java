package io.adaspec.harness.sweep;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.AcceptanceModel;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.SimulatedProfiler;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.VirtualReplay;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.trace.TraceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/// Runs a cell: a pure function of its specification and the trace's content. Acceptance is
/// synthetic. What cells have in common, texts and latency profiles, is made once; any thread may
/// call.
final class CellRunner {
  private record Profiled(String deployment, double noise, long seed) {}

  private final Map<Long, AcceptanceSource> acceptances = new ConcurrentHashMap<>();
  private final Map<Profiled, LatencyProfile> profiles = new ConcurrentHashMap<>();

  /// @return the value of every [CellMetric] by key, NaN where it is undefined; empty where
  ///   `progress` has stopped the run
  Optional<Map<String, Double>> run(Cell cell, VirtualReplay.Progress progress) throws IOException {
    Summary.Collector collector = new Summary.Collector();
    if (!simulation(cell).run(Policies.parse(cell.policy()), collector, progress)) {
      return Optional.empty();
    }
    Summary summary = collector.summary();
    Map<String, Double> values = new LinkedHashMap<>();
    CellMetric.all()
        .forEach(metric -> values.put(metric.key(), metric.value().applyAsDouble(summary)));
    return Optional.of(values);
  }

  /// @throws IllegalArgumentException for an unknown deployment or one that does not fit
  Simulation simulation(Cell cell) throws IOException {
    SimulatedDevice device = Deployments.named(cell.deployment());
    AcceptanceSource source =
        acceptances.computeIfAbsent(
            cell.seed(), seed -> AcceptanceSource.Synthetic.of(AcceptanceModel.DEFAULT, seed));
    LatencyProfile profile =
        profiles.computeIfAbsent(
            new Profiled(cell.deployment(), cell.noise(), cell.seed()),
            _ ->
                SimulatedProfiler.measure(
                    device, cell.noise(), cell.seed(), source.library().acceptanceByRank()));
    return new Simulation(
        new Simulation.Spec(
            device,
            profile,
            source,
            workload(cell, source.library().categories(), device),
            SloMix.of(cell.slo()),
            cell.seed(),
            OptionalInt.empty(),
            cell.noise(),
            List.of()));
  }

  private static WorkloadPlan workload(Cell cell, List<String> categories, SimulatedDevice device)
      throws IOException {
    Optional<Duration> duration =
        cell.durationSeconds() == 0
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(Math.round(cell.durationSeconds() * 1e9)));
    TraceOptions shape =
        TraceOptions.DEFAULTS
            .withWindow(
                new TraceOptions.Window(Duration.ZERO, duration, TraceOptions.Origin.FIRST_REQUEST))
            .withScale(new TraceOptions.Scale(cell.rateScale(), 1));
    WorkloadSettings settings =
        new WorkloadSettings(
            Optional.of(cell.trace()).filter(name -> !name.isEmpty()).map(Path::of),
            Optional.empty(),
            Optional.empty(),
            shape,
            Optional.empty());
    return cell.tooLong()
        .apply(WorkloadSource.read(settings, cell.seed()).plan(categories), device);
  }
}
