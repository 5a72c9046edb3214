package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.report.Objectives;
import io.adaspec.harness.sim.Simulations.Records;
import io.adaspec.workload.WorkloadPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptationTest {
  private static final long SECOND = 1_000_000_000;

  /// About 10 s of two to three requests at a time.
  private static final WorkloadPlan WORKLOAD = Simulations.regular(100, SECOND / 10, 20, 120);

  @Test
  void aSlowdown_isLearntWithinTensOfStepsAndUnlearntAfterIt() {
    List<Adaptation.Change> changes = changes("fixed:2", "slowdown:2@3s-6s");
    assertThat(changes)
        .extracting(Adaptation.Change::what)
        .containsExactly("slowdown by 2.0", "its end");
    Adaptation.Change slow = changes.getFirst();
    assertThat(slow.worstRatio()).isBetween(1.3, 2.1);
    assertThat(slow.settledSteps()).isBetween(5, 60);
    assertThat(slow.settledNanos()).isPositive();
    assertThat(slow.atNanos()).isEqualTo(3 * SECOND);
    assertThat(slow.after().misses()).isGreaterThanOrEqualTo(slow.before().misses());
    Adaptation.Change end = changes.getLast();
    assertThat(end.worstRatio()).isBetween(0.45, 0.8);
    assertThat(end.settledSteps()).isBetween(5, 60);
  }

  @Test
  void aWrongProfile_isCorrected() {
    Adaptation.Change wrong = changes("fixed:2", "wrong-profile:1.5").getFirst();
    assertThat(wrong.worstRatio()).isCloseTo(1 / 1.4, within(0.15));
    assertThat(wrong.settledSteps()).isBetween(5, 60);
    assertThat(wrong.before().requests()).isZero();
  }

  @Test
  void aSlowDrift_isFollowedWithoutLeavingTheBand() {
    for (Adaptation.Change change : changes("fixed:2", "drift:1.5@2s-8s")) {
      assertThat(change.settledSteps()).isZero();
      assertThat(change.worstRatio()).isCloseTo(1, within(Adaptation.BAND));
    }
  }

  @Test
  void aConstantLength_doesNotOscillate() {
    Adaptation.Change change = changes("fixed:1", "slowdown:2@3s").getFirst();
    assertThat(change.before().meanLength()).isCloseTo(1, within(0.05));
    assertThat(change.before().oscillation()).isLessThan(0.05);
    Adaptation.Change bandit = changes("bandit", "slowdown:2@3s").getFirst();
    assertThat(bandit.before().oscillation()).isGreaterThan(change.before().oscillation());
  }

  @Test
  void aChangeAfterTheEnd_isLeftOut() {
    assertThat(changes("fixed:1", "slowdown:2@1000s")).isEmpty();
  }

  @Test
  void recordsArePassedOn() {
    Records with = new Records();
    Records without = new Records();
    Simulation simulation = Simulations.simulation(Simulations.DEVICE, WORKLOAD, 0.02);
    simulation.run(
        Policies.parse("fixed:2"),
        new Adaptation(with, Objectives::met),
        VirtualReplay.Progress.NONE);
    simulation.run(Policies.parse("fixed:2"), without, VirtualReplay.Progress.NONE);
    assertThat(with.requests).isEqualTo(without.requests);
    assertThat(with.steps).isEqualTo(without.steps);
  }

  private static List<Adaptation.Change> changes(String policy, String injection) {
    List<Injection> injections = List.of(Injection.parse(injection));
    Adaptation adaptation = new Adaptation(new Records(), Objectives::met);
    new Simulation(Simulations.spec(Simulations.DEVICE, WORKLOAD, 0.02, injections))
        .run(Policies.parse(policy), adaptation, VirtualReplay.Progress.NONE);
    return adaptation.changes(injections);
  }
}
