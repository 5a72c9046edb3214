package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.sim.Simulations.Records;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

/// Queues with known answers: one request at a time, so that the engine is a single server whose
/// service time is the request's tokens times the time of a step.
class QueueingTest {
  private static final double STEP_NANOS = 1e6;
  private static final int CUSTOMERS = 40_000;

  private static final SimulatedDevice SERVER =
      new SimulatedDevice(
          "server",
          "server",
          "target",
          Optional.empty(),
          shape -> STEP_NANOS,
          Optional.empty(),
          0,
          0,
          new EngineConfig(new SchedulerConfig(1, 8, 4096), 1024, 16));

  /// M/D/1: mean wait `ρ / (2 (1 - ρ))` services.
  @Test
  void poissonArrivalsOfEqualRequests_waitAsPollaczekAndKhinchinSay() {
    double load = 0.7;
    List<RequestRecord> records = serve(load / 20, i -> 20);
    assertThat(meanSojourn(records) / (20 * STEP_NANOS))
        .isCloseTo(1 + load / (2 * (1 - load)), within(0.1));
  }

  /// M/G/1 with geometric services of mean 50, near exponential: `W = λ E[S²] / (2 (1 - ρ))`; the
  /// mean time in the system of M/M/1 is `1 / (1 - ρ)` services.
  @Test
  void poissonArrivalsOfGeometricRequests_waitAsInMm1() {
    double load = 0.6;
    UniformRandomProvider random = RandomStreams.of(1, 2);
    int[] outputs = new int[CUSTOMERS];
    for (int i = 0; i < CUSTOMERS; i++) {
      outputs[i] = 1 + (int) (Math.log(1 - random.nextDouble()) / Math.log(1 - 1.0 / 50));
      outputs[i] = Math.min(outputs[i], 2000);
    }
    List<RequestRecord> records = serve(load / 50, i -> outputs[i]);
    assertThat(meanSojourn(records) / (50 * STEP_NANOS)).isCloseTo(1 / (1 - load), within(0.2));
  }

  /// Little's law, `L = λ W`, between two counts that know nothing of each other: requests in the
  /// engine at every step, and the sojourns of their records.
  @Test
  void theMeanNumberInTheSystem_isTheRateTimesTheMeanSojourn() {
    Records records = new Records();
    List<PlannedRequest> requests = new ArrayList<>();
    long[] arrivals = new ArrivalProcess.Gamma(30, 0.5).first(1500, RandomStreams.of(4, 1));
    for (int id = 0; id < arrivals.length; id++) {
      requests.add(Simulations.request(id, arrivals[id], 10 + id % 90, 5 + id % 60));
    }
    Simulations.simulation(Simulations.DEVICE, Simulations.plan(requests), 0.02)
        .run(Policies.parse("fixed:2"), records, VirtualReplay.Progress.NONE);

    double area = 0;
    for (StepRecord step : records.steps) {
      area += (double) (step.running() + step.waiting()) * step.totalNanos();
    }
    double sojourns = records.requests.stream().mapToDouble(QueueingTest::sojourn).sum();
    // Who arrives in a step is counted from the next on: half a step per request, about.
    double steps = records.steps.stream().mapToDouble(StepRecord::totalNanos).sum();
    double unseen = records.requests.size() * steps / records.steps.size() / 2;
    assertThat(area + unseen).isCloseTo(sojourns, within(0.03 * sojourns));
  }

  private static List<RequestRecord> serve(double requestsPerStep, IntUnaryOperator outputs) {
    double perSecond = requestsPerStep * 1e9 / STEP_NANOS;
    long[] arrivals =
        new ArrivalProcess.Gamma(perSecond, 1).first(CUSTOMERS, RandomStreams.of(9, 1));
    List<PlannedRequest> requests = new ArrayList<>();
    for (int id = 0; id < CUSTOMERS; id++) {
      // The prompt's step makes the first token.
      requests.add(Simulations.request(id, arrivals[id], 1, outputs.applyAsInt(id)));
    }
    Records records = new Records();
    Simulations.simulation(SERVER, Simulations.plan(requests), 0)
        .run(Policies.parse("autoregressive"), records, VirtualReplay.Progress.NONE);
    return records.requests;
  }

  private static double meanSojourn(List<RequestRecord> records) {
    return records.stream().mapToDouble(QueueingTest::sojourn).average().orElseThrow();
  }

  private static double sojourn(RequestRecord record) {
    return record.lastTokenNanos() - (double) record.scheduledNanos();
  }
}
