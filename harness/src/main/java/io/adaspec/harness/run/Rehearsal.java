package io.adaspec.harness.run;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.EmbeddedRollouts;
import io.adaspec.harness.sim.RolloutLibrary;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.SimulatedProfiler;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.VirtualReplay;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.synthetic.ArrivalProcess;
import io.adaspec.workload.synthetic.LengthDistribution;
import io.adaspec.workload.synthetic.SyntheticTrace;
import io.adaspec.workload.trace.Trace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Has a policy decide thousands of simulated steps before it is measured in real ones. HotSpot
/// compiles what has run often: a replay's warm-up requests take some hundred steps, after which
/// decisions still take several times as long as later on. Nothing that the policy learns here
/// stays, as every run has an instance of its own.
final class Rehearsal {
  private static final String DEPLOYMENT = "a100-llama2-7b";

  /// Such that one to five requests decode together.
  private static final double REQUESTS_PER_SECOND = 2;

  /// Requests for a policy that proposes up to [#NODES] draft tokens; fewer where it proposes more,
  /// which takes longer to simulate.
  private static final int REQUESTS = 1500;

  private static final int NODES = 18;
  private static final int TOKENS = 64;

  private static final RecordSink NOWHERE =
      new RecordSink() {
        @Override
        public void request(RequestRecord row) {}

        @Override
        public void step(StepRecord row) {}
      };

  private Rehearsal() {}

  /// Takes less than a second, and less for every further policy.
  static void of(PolicySpec policy) throws IOException {
    SimulatedDevice device = Deployments.named(DEPLOYMENT);
    RolloutLibrary texts = RolloutLibrary.of(EmbeddedRollouts.load());
    LengthDistribution length = new LengthDistribution.Fixed(TOKENS);
    Trace requests =
        new SyntheticTrace(new ArrivalProcess.Poisson(REQUESTS_PER_SECOND), length, length, 0)
            .first(requests(policy.maxNodes()));
    Simulation.Spec spec =
        new Simulation.Spec(
            device,
            SimulatedProfiler.measure(device, 0, 0, texts.acceptanceByRank()),
            new AcceptanceSource.Recorded("embedded", texts),
            WorkloadPlan.of(requests, 0, Optional.empty(), texts.categories()),
            SloMix.of(Slo.UNCONSTRAINED),
            0,
            OptionalInt.empty(),
            0,
            List.of());
    new Simulation(spec).run(policy, NOWHERE, VirtualReplay.Progress.NONE);
  }

  private static int requests(int maxNodes) {
    int times = Math.max(1, maxNodes / NODES);
    return Math.max(1, REQUESTS / (times * times));
  }
}
