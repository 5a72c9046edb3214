package io.adaspec.harness.run;

import io.adaspec.engine.Decision;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.ForwardCost;
import io.adaspec.harness.sim.ForwardShape;
import io.adaspec.harness.sim.MeasuredDevice;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.SimulatedProfiler;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.VirtualReplay;
import io.adaspec.workload.WorkloadPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// How near a simulation comes to a replay of the same workload in real time.
///
/// The simulation knows of the deployment what a latency profile says, and of the texts what was
/// recorded over others. Where it is off, two things can be told apart: a second simulation runs at
/// the speed that the machine had during the replay, with the time outside the forwards that was
/// measured there. What it is off by is the simulation's own fault.
///
/// @param real of the replay
/// @param profiled simulated as the profile says
/// @param corrected simulated at the replay's own speed
/// @param targetSpeed measured time of the replay's target forwards / what the profile says of them
/// @param draftSpeed the same of draft forwards, each taken as the mean of its step's; that of the
///   target without drafts
/// @param outsideNanos mean time of the replay's steps outside forwards and policy
/// @param profiledOutsideNanos what the profile says of it
/// @param equalDecisions largest share of decisions, how many draft tokens of a request to verify,
///   that replay and first simulation can have in common at equal batch sizes: over batch sizes,
///   weighted as in the replay, the overlap of the two distributions
public record Fidelity(
    Values real,
    Values profiled,
    Values corrected,
    double targetSpeed,
    double draftSpeed,
    double outsideNanos,
    double profiledOutsideNanos,
    double equalDecisions) {
  private static final double NOISE = 0.02;

  /// What is compared.
  ///
  /// @param e2eMillis mean
  /// @param tpotMillis mean
  /// @param goodput good requests per second
  /// @param acceptanceRate percent; NaN without drafts
  /// @param batch mean
  public record Values(
      double e2eMillis, double tpotMillis, double goodput, double acceptanceRate, double batch) {
    private static Values of(Summary summary) {
      return new Values(
          summary.latency(Latency.E2E).meanMillis(),
          summary.latency(Latency.TPOT).meanMillis(),
          summary.value(Scalar.GOODPUT),
          summary.value(Scalar.ACCEPTANCE_RATE),
          summary.value(Scalar.MEAN_BATCH));
    }
  }

  /// Simulates what was replayed, and compares.
  ///
  /// @param replayed its files, with decisions
  /// @param profile of the deployment
  /// @param plan the replayed requests without their texts
  public static Fidelity of(
      RunDirectory replayed,
      PolicySpec policy,
      LatencyProfile profile,
      RunConfig config,
      AcceptanceSource acceptance,
      WorkloadPlan plan)
      throws IOException {
    Collector real = new Collector();
    ArrowRunReader.requests(replayed, real::request);
    ArrowRunReader.steps(replayed, real::step);
    SimulatedDevice device = MeasuredDevice.of("embedded", profile, limits(config));
    double targetSpeed = real.targetSpeed(new LatencyTable(profile.verify()));
    double draftSpeed =
        policy.source() == PolicySpec.Source.DRAFT_MODEL
            ? real.draftSpeed(new LatencyTable(profile.draft()))
            : targetSpeed;
    double outside = real.outsideNanos();
    Collector profiled = simulate(device, policy, config, acceptance, plan);
    Collector corrected =
        simulate(at(device, targetSpeed, draftSpeed, outside), policy, config, acceptance, plan);
    return new Fidelity(
        Values.of(real.summary()),
        Values.of(profiled.summary()),
        Values.of(corrected.summary()),
        targetSpeed,
        draftSpeed,
        outside,
        profile.verifyOverheadNanos(),
        overlap(real.decisions(), profiled.decisions()));
  }

  private static EngineConfig limits(RunConfig config) {
    return config.engine().recordingDecisions(true);
  }

  private static SimulatedDevice at(
      SimulatedDevice device, double targetSpeed, double draftSpeed, double outsideNanos) {
    return new SimulatedDevice(
        device.name(),
        device.device(),
        device.target(),
        device.draft(),
        scaled(device.targetCost(), targetSpeed),
        device.draftCost().map(cost -> scaled(cost, draftSpeed)),
        outsideNanos,
        0,
        device.limits());
  }

  private static ForwardCost scaled(ForwardCost cost, double factor) {
    return new ForwardCost() {
      @Override
      public double nanos(ForwardShape shape) {
        return factor * cost.nanos(shape);
      }

      @Override
      public boolean tellsRequestsApart() {
        return cost.tellsRequestsApart();
      }
    };
  }

  private static Collector simulate(
      SimulatedDevice device,
      PolicySpec policy,
      RunConfig config,
      AcceptanceSource acceptance,
      WorkloadPlan plan) {
    LatencyProfile measured =
        SimulatedProfiler.measure(
            device, NOISE, config.seed(), acceptance.library().acceptanceByRank());
    Collector collector = new Collector();
    new Simulation(
            new Simulation.Spec(
                device,
                measured,
                acceptance,
                plan,
                config.objectives(),
                config.seed(),
                OptionalInt.empty(),
                NOISE,
                List.of()))
        .run(policy, collector, VirtualReplay.Progress.NONE);
    return collector;
  }

  /// See [Fidelity#equalDecisions]; NaN where the runs have no batch size in common.
  private static double overlap(
      Map<Integer, Map<Integer, Long>> some, Map<Integer, Map<Integer, Long>> others) {
    double weights = 0;
    double sum = 0;
    for (Map.Entry<Integer, Map<Integer, Long>> entry : some.entrySet()) {
      Map<Integer, Long> mine = entry.getValue();
      Map<Integer, Long> theirs = others.get(entry.getKey());
      if (theirs != null) {
        double count = mine.values().stream().mapToLong(n -> n).sum();
        double otherCount = theirs.values().stream().mapToLong(n -> n).sum();
        weights += count;
        for (Map.Entry<Integer, Long> length : mine.entrySet()) {
          double share = length.getValue() / count;
          sum += count * Math.min(share, theirs.getOrDefault(length.getKey(), 0L) / otherCount);
        }
      }
    }
    return weights == 0 ? Double.NaN : sum / weights;
  }

  /// A run's records in memory.
  private static final class Collector implements RecordSink {
    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<StepRecord> steps = new ArrayList<>();

    @Override
    public void request(RequestRecord row) {
      requests.add(row);
    }

    @Override
    public void step(StepRecord row) {
      steps.add(row);
    }

    Summary summary() {
      return Summary.of(requests, steps);
    }

    double targetSpeed(LatencyTable table) {
      double measured = 0;
      double profiled = 0;
      for (StepRecord step : steps) {
        measured += step.verifyNanos();
        profiled +=
            table.nanos(step.batch() + step.prefills(), step.verifyTokens(), step.contextTokens());
      }
      return measured / profiled;
    }

    double draftSpeed(LatencyTable table) {
      double measured = 0;
      double profiled = 0;
      for (StepRecord step : steps) {
        int forwards = step.draftForwards();
        if (forwards > 0) {
          int tokens = Math.max(1, Math.round((float) step.draftTokens() / forwards));
          measured += step.draftNanos();
          profiled +=
              forwards * table.nanos(Math.min(step.batch(), tokens), tokens, step.contextTokens());
        }
        if (step.prefillDraftNanos() > 0) {
          measured += step.prefillDraftNanos();
          int tokens = Math.max(1, step.prefillTokens());
          profiled += table.nanos(Math.clamp(step.prefills(), 1, tokens), tokens, 0);
        }
      }
      return measured / profiled;
    }

    double outsideNanos() {
      double sum = 0;
      for (StepRecord step : steps) {
        sum += step.totalNanos() - step.verifyNanos() - step.draftNanos();
        sum -= step.prefillDraftNanos() + step.policyNanos();
      }
      return sum / steps.size();
    }

    /// How often each number of draft tokens was verified, by batch size.
    Map<Integer, Map<Integer, Long>> decisions() {
      Map<Integer, Map<Integer, Long>> counts = new HashMap<>();
      for (StepRecord step : steps) {
        Map<Integer, Long> lengths = counts.computeIfAbsent(step.batch(), batch -> new HashMap<>());
        for (Decision decision : step.decisions()) {
          int kept = (int) decision.nodes().stream().filter(Decision.Node::kept).count();
          lengths.merge(kept, 1L, Long::sum);
        }
      }
      counts.values().removeIf(Map::isEmpty);
      return counts;
    }
  }
}
