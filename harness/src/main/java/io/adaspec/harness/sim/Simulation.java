package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.SloMix;
import io.adaspec.workload.WorkloadPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One workload on one simulated deployment, to be run under any policy. A run is a pure function
/// of the specification and the policy: no clock, no thread, no state outlives it, so runs may go
/// on side by side on any threads.
public final class Simulation {
  /// Everything that determines a run beside its policy.
  ///
  /// @param profile what the policy predicts with, before injections
  /// @param seed of outcomes and noise
  /// @param maxConcurrency most requests in flight, empty for an open loop
  /// @param noise standard deviation of the logarithm of every duration
  public record Spec(
      SimulatedDevice device,
      LatencyProfile profile,
      AcceptanceSource acceptance,
      WorkloadPlan workload,
      SloMix objectives,
      long seed,
      OptionalInt maxConcurrency,
      double noise,
      List<Injection> injections) {
    public Spec {
      injections = List.copyOf(injections);
      if (!(noise >= 0 && noise <= 1)) {
        throw new IllegalArgumentException("noise must be in 0..1: " + noise);
      }
      if (maxConcurrency.isPresent() && maxConcurrency.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "max concurrency must be >= 1: " + maxConcurrency.getAsInt());
      }
    }
  }

  private final Spec spec;
  private final Walks walks;
  private final LatencyProfile profile;

  public Simulation(Spec spec) {
    this.spec = spec;
    this.walks = Walks.of(spec.acceptance().library(), spec.workload().requests(), spec.seed());
    LatencyProfile said = spec.profile();
    for (Injection injection : spec.injections()) {
      if (injection instanceof Injection.WrongProfile wrong) {
        said = SimulatedProfiler.scaled(said, wrong.factor());
      }
    }
    this.profile = said;
  }

  public Spec spec() {
    return spec;
  }

  /// What the policy predicts with.
  public LatencyProfile profile() {
    return profile;
  }

  /// The texts of the requests, for policies that are told more than they could know.
  public Walks walks() {
    return walks;
  }

  /// Refuses a policy that this simulation cannot serve.
  ///
  /// @throws PolicyException naming the policy and what it lacks
  public void requireServes(PolicySpec policy) {
    refusal(policy, spec.device(), spec.acceptance() instanceof AcceptanceSource.Synthetic)
        .ifPresent(
            reason -> {
              throw new PolicyException(reason);
            });
  }

  /// Why a policy cannot be simulated there; empty where it can.
  ///
  /// @param synthetic whether acceptance is drawn, so that there is no text
  public static Optional<String> refusal(
      PolicySpec policy, SimulatedDevice device, boolean synthetic) {
    if (policy.source() == PolicySpec.Source.DRAFT_MODEL && device.draft().isEmpty()) {
      return Optional.of(policy.name() + " needs a draft model, " + device.name() + " has none");
    }
    if (policy.source() == PolicySpec.Source.POLICY && synthetic) {
      return Optional.of(
          policy.name() + " drafts from the text itself; synthetic acceptance has no text");
    }
    return Optional.empty();
  }

  /// Runs the whole workload; memory grows with the requests in flight, not with the workload.
  ///
  /// @param sink of the records, in virtual nanoseconds from the start of the run
  /// @param progress asked now and then
  /// @return whether the run came to its end; otherwise `progress` has stopped it
  public boolean run(PolicySpec policy, RecordSink sink, VirtualReplay.Progress progress) {
    requireServes(policy);
    Clock.Virtual clock = new Clock.Virtual();
    DeviceTime time =
        new DeviceTime(spec.device(), clock, spec.injections(), spec.noise(), spec.seed());
    return new VirtualReplay(
            spec,
            walks,
            OraclePolicy.informed(policy, walks, spec.device()),
            new SimulatedExecutor(walks, time),
            new ProfiledCostModel(profile),
            clock,
            sink)
        .run(progress);
  }
}
