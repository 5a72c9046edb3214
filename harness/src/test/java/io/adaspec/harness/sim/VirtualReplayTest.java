package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.sim.Simulations.Records;
import io.adaspec.workload.WorkloadPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualReplayTest {
  private static final long MILLISECOND = 1_000_000;

  /// A millisecond for every forward, whatever it runs, and nothing beside it.
  private static final SimulatedDevice FLAT =
      new SimulatedDevice(
          "flat",
          "flat",
          "target",
          Optional.of("draft"),
          shape -> 1e6,
          Optional.of(shape -> 1e6),
          0,
          0,
          Simulations.LIMITS);

  private final Records records = new Records();

  @Test
  void timesAreThoseOfTheDevice() {
    run(FLAT, Simulations.regular(2, 10 * MILLISECOND, 5, 3), "autoregressive");
    assertThat(records.requests).hasSize(2);
    for (RequestRecord record : records.requests) {
      long arrival = record.id() * 10 * MILLISECOND;
      assertThat(record.scheduledNanos()).isEqualTo(arrival);
      assertThat(record.dispatchedNanos()).isEqualTo(arrival);
      assertThat(record.emissions().nanos())
          .containsExactly(
              arrival + MILLISECOND, arrival + 2 * MILLISECOND, arrival + 3 * MILLISECOND);
      assertThat(record.outcome()).isEqualTo(Outcome.LENGTH);
    }
    assertThat(records.steps).hasSize(6);
    assertThat(records.steps)
        .allSatisfy(step -> assertThat(step.totalNanos()).isEqualTo(MILLISECOND));
  }

  @Test
  void aRequestThatArrivesInAStep_isTakenAfterItAndWaitsFromItsArrival() {
    WorkloadPlan workload =
        Simulations.plan(
            List.of(
                Simulations.request(0, 0, 5, 4), Simulations.request(1, MILLISECOND / 2, 5, 1)));
    run(FLAT, workload, "autoregressive");
    RequestRecord late = record(1);
    assertThat(late.dispatchedNanos()).isEqualTo(MILLISECOND / 2);
    assertThat(late.firstTokenNanos()).isEqualTo(2 * MILLISECOND);
  }

  @Test
  void aLimitOnConcurrency_holdsRequestsBackUntilASlotIsFree() {
    Simulation.Spec open = Simulations.spec(FLAT, Simulations.regular(6, 1, 5, 4), 0, List.of());
    new Simulation(
            new Simulation.Spec(
                FLAT,
                open.profile(),
                open.acceptance(),
                open.workload(),
                open.objectives(),
                0,
                OptionalInt.of(2),
                0,
                List.of()))
        .run(Policies.parse("autoregressive"), records, VirtualReplay.Progress.NONE);
    assertThat(records.steps)
        .allSatisfy(s -> assertThat(s.running() + s.waiting()).isLessThanOrEqualTo(2));
    for (int id = 2; id < 6; id++) {
      assertThat(record(id).scheduledNanos()).isEqualTo(id);
      assertThat(record(id).dispatchedNanos()).isEqualTo(record(id - 2).lastTokenNanos());
    }
  }

  @Test
  void aRequestThatCannotBeServed_isRejectedAndTheOthersGoOn() {
    WorkloadPlan workload =
        Simulations.plan(
            List.of(
                Simulations.request(0, 0, 5, 2),
                Simulations.request(1, 0, 2000, 2),
                Simulations.request(2, 0, 5, 2)));
    run(FLAT, workload, "fixed:3");
    assertThat(record(0).outcome()).isEqualTo(Outcome.LENGTH);
    assertThat(record(1).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(record(1).reason()).contains("exceed the context of 1024");
    assertThat(record(2).outcome()).isEqualTo(Outcome.LENGTH);
  }

  @Test
  void aStoppedRun_recordsWhatHadArrived() {
    Records stopped = new Records();
    WorkloadPlan endless = Simulations.regular(40, MILLISECOND, 5, 900);
    assertThat(
            Simulations.simulation(FLAT, endless, 0)
                .run(
                    Policies.parse("autoregressive"),
                    stopped,
                    (nanos, ended) -> nanos < 20 * MILLISECOND))
        .isFalse();
    assertThat(stopped.steps).hasSizeLessThan(40 * 900 / 8);
    assertThat(stopped.requests).hasSize(40);
    assertThat(stopped.requests).extracting(RequestRecord::outcome).contains(Outcome.UNFINISHED);
  }

  @Test
  void whatTheDeploymentOrTheOutcomesLack_isNamed() {
    SimulatedDevice alone =
        new SimulatedDevice(
            "alone",
            "d",
            "t",
            Optional.empty(),
            s -> 1e6,
            Optional.empty(),
            0,
            0,
            Simulations.LIMITS);
    WorkloadPlan workload = Simulations.regular(1, 1, 5, 2);
    assertThatThrownBy(() -> run(alone, workload, "fixed:3"))
        .isInstanceOf(PolicyException.class)
        .hasMessage("fixed:3 needs a draft model, alone has none");
    assertThatThrownBy(() -> run(FLAT, workload, "prompt-lookup"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("synthetic acceptance has no text");
    run(alone, workload, "autoregressive");
    assertThat(records.requests).hasSize(1);
  }

  /// Two policies meet the same luck: the target's choices at a position do not depend on what was
  /// drafted elsewhere.
  @ParameterizedTest
  @ValueSource(strings = {"fixed:1", "fixed:5", "static-tree:2,1,1", "adaspec", "adaspec-plus"})
  void whatIsAcceptedAtAPosition_dependsOnRequestAndPositionAlone(String policy) {
    WorkloadPlan workload = Simulations.regular(5, MILLISECOND, 20, 80);
    Simulation simulation = Simulations.simulation(Simulations.DEVICE, workload, 0.05);
    simulation.run(Policies.parse(policy), records, VirtualReplay.Progress.NONE);
    for (RequestRecord record : records.requests) {
      int position = record.emissions().tokens()[0];
      for (int i = 1; i < record.emissions().size(); i++) {
        int accepted = record.emissions().tokens()[i] - 1;
        int possible = simulation.walks().accepted((int) record.id(), position, 16);
        if (!policy.startsWith("static-tree") && !policy.equals("adaspec-plus")) {
          assertThat(accepted)
              .as("chains take the first choices only")
              .isLessThanOrEqualTo(possible);
        }
        if (policy.equals("fixed:5")) {
          int room = record.requestedOutputTokens() - position - 1;
          assertThat(accepted).isEqualTo(Math.min(possible, Math.min(5, room)));
        }
        position += accepted + 1;
      }
    }
  }

  @Test
  void aCacheThatIsTooSmallForAll_isSharedByPreemption() {
    SimulatedDevice tight =
        FLAT.withLimits(new EngineConfig(new SchedulerConfig(8, 64, 512), 20, 16));
    run(tight, Simulations.regular(8, 1, 30, 100), "fixed:3");
    assertThat(records.requests).hasSize(8);
    assertThat(records.requests).extracting(RequestRecord::outcome).containsOnly(Outcome.LENGTH);
    assertThat(records.steps.stream().mapToInt(StepRecord::preempted).sum()).isPositive();
  }

  private void run(SimulatedDevice device, WorkloadPlan workload, String policy) {
    Simulations.simulation(device, workload, 0)
        .run(Policies.parse(policy), records, VirtualReplay.Progress.NONE);
  }

  private RequestRecord record(int id) {
    return records.requests.stream().filter(r -> r.id() == id).findFirst().orElseThrow();
  }
}
