package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestView;
import org.junit.jupiter.api.Test;

/// Two requests; the target takes 100 ns and 10 per token, beside 7; drafting 5 beside its
/// forwards.
class StepTimesTest {
  private final StepTimes times = new StepTimes(cost());

  private static LinearCost cost() {
    LinearCost cost = LinearCost.of(20, 100, 10);
    cost.draftOverhead = 5;
    cost.verifyOverhead = 7;
    return cost;
  }

  @Test
  void aStepTakesItsForwardsAndOverheads() {
    times.begin(Batches.ofSize(2));

    assertThat(times.plainNanos()).isEqualTo(127);
    assertThat(times.nanos(3, 20)).isEqualTo(127 + 5 + 20 + 30);
    assertThat(times.nanos(1, 0)).as("no drafting, no overhead of it").isEqualTo(137);
    assertThat(times.charge(3, 20)).isEqualTo(times.nanos(3, 20));
    assertThat(times.tokenCharge(4, 3)).isEqualTo(10);
  }

  @Test
  void catchingUp_takesTimeButIsNotCharged() {
    times.begin(Batches.ofSize(2));
    times.drafted(50, 30);

    assertThat(times.nanos(0, 0)).isEqualTo(127 + 5 + 50);
    assertThat(times.charge(0, 0)).isEqualTo(127 + 5 + 20);

    times.begin(Batches.ofSize(2));
    assertThat(times.nanos(0, 0)).as("a new step").isEqualTo(127);
  }

  /// Ten prompt tokens, whose one request waits as long as the two that decode.
  @Test
  void promptsAreNotCharged_butWaitForWhatSpeculationAdds() {
    BatchView plain = Batches.ofSize(2);
    times.begin(new BatchView(0, 0, plain.requests(), 1, 10, 0, 0));
    assertThat(times.plainNanos()).isEqualTo(227);
    assertThat(times.nanos(2, 20)).isEqualTo(227 + 5 + 20 + 20);
    assertThat(times.charge(0, 0)).isEqualTo(127);
    assertThat(times.charge(2, 20)).isEqualTo(127 + 1.5 * 45);
    assertThat(times.tokenCharge(0, 2)).isEqualTo(15);

    times.begin(new BatchView(0, 0, plain.requests(), 1, 10, 0, 50));
    assertThat(times.tokenCharge(0, 2)).as("however many wait").isEqualTo(20);
  }

  @Test
  void anyNumberOfDraftTokens_isPredicted() {
    RequestView[] requests = Batches.ofSize(2).requests();
    times.begin(new BatchView(0, 0, requests, 0, 0, 0, 0));

    assertThat(times.nanos(5000, 0)).isEqualTo(127 + 50_000);
    assertThat(times.nanos(4000, 0)).isEqualTo(127 + 40_000);
  }
}
