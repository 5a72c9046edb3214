package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WasteLedgerTest {
  private static final Offset<Double> EXACT = within(1e-12);

  private static Summary summary(StepRecord... steps) {
    return Summary.of(List.of(), List.of(steps));
  }

  /// Two requests: 10 tokens drafted in 10 ms, 8 of them verified in 20 ms beside two roots and 30
  /// prompt tokens, of which 15 had been computed before.
  private static StepRecord step(int accepted, int late, String failure) {
    return Requests.speculativeStep(2, 30, 10, 8, accepted, late, 10, 20, 15, failure);
  }

  @Test
  void everyTokenHasOneFate_andTheTimeOfItsShare() {
    Summary summary = summary(step(5, 2, ""));

    assertThat(summary.value(Scalar.ACCEPTED_IN_TIME)).isEqualTo(3);
    assertThat(summary.value(Scalar.ACCEPTED_LATE)).isEqualTo(2);
    assertThat(summary.value(Scalar.REJECTED_TOKENS)).isEqualTo(3);
    assertThat(summary.value(Scalar.PRUNED_TOKENS)).isEqualTo(2);
    assertThat(summary.value(Scalar.LOST_TOKENS)).isZero();
    assertThat(summary.value(Scalar.ACCEPTED_IN_TIME_DRAFTING)).isCloseTo(0.003, EXACT);
    assertThat(summary.value(Scalar.ACCEPTED_LATE_DRAFTING)).isCloseTo(0.002, EXACT);
    assertThat(summary.value(Scalar.REJECTED_DRAFTING)).isCloseTo(0.003, EXACT);
    assertThat(summary.value(Scalar.PRUNED_DRAFTING)).isCloseTo(0.002, EXACT);
    // A row of 40 takes 0.5 ms.
    assertThat(summary.value(Scalar.ACCEPTED_IN_TIME_VERIFYING)).isCloseTo(0.0015, EXACT);
    assertThat(summary.value(Scalar.ACCEPTED_LATE_VERIFYING)).isCloseTo(0.001, EXACT);
    assertThat(summary.value(Scalar.REJECTED_VERIFYING)).isCloseTo(0.0015, EXACT);
  }

  @Test
  void whatAFailedStepDrafted_isLost() {
    Summary summary = summary(step(0, 0, "out of memory"));

    assertThat(summary.value(Scalar.LOST_TOKENS)).isEqualTo(10);
    assertThat(summary.value(Scalar.REJECTED_TOKENS)).isZero();
    assertThat(summary.value(Scalar.PRUNED_TOKENS)).isZero();
    assertThat(summary.value(Scalar.LOST_DRAFTING)).isCloseTo(0.01, EXACT);
    assertThat(summary.value(Scalar.LOST_VERIFYING)).isCloseTo(0.004, EXACT);
  }

  @Test
  void recomputedTokens_areChargedTheirRows() {
    Summary summary = summary(step(5, 2, ""), step(5, 2, ""));

    assertThat(summary.value(Scalar.RECOMPUTED_TOKENS)).isEqualTo(30);
    assertThat(summary.value(Scalar.RECOMPUTED_VERIFYING)).isCloseTo(0.015, EXACT);
  }

  @Test
  void fatesAddUpToTheDraftedTokens_andTheirDraftingToTheDraftTime() {
    StepRecord[] steps = LongStream.range(0, 500).mapToObj(Rows::step).toArray(StepRecord[]::new);
    assertThat(steps).anyMatch(step -> !step.failure().isEmpty());
    assertThat(steps).anyMatch(step -> step.acceptedLate() > 0);

    Summary summary = summary(steps);

    double tokens =
        summary.value(Scalar.ACCEPTED_IN_TIME)
            + summary.value(Scalar.ACCEPTED_LATE)
            + summary.value(Scalar.REJECTED_TOKENS)
            + summary.value(Scalar.PRUNED_TOKENS)
            + summary.value(Scalar.LOST_TOKENS);
    double drafting =
        summary.value(Scalar.ACCEPTED_IN_TIME_DRAFTING)
            + summary.value(Scalar.ACCEPTED_LATE_DRAFTING)
            + summary.value(Scalar.REJECTED_DRAFTING)
            + summary.value(Scalar.PRUNED_DRAFTING)
            + summary.value(Scalar.LOST_DRAFTING);
    assertThat(tokens).isEqualTo(Arrays.stream(steps).mapToLong(StepRecord::drafted).sum());
    assertThat(summary.ledger().drafted()).isEqualTo((long) tokens);
    assertThat(drafting)
        .isCloseTo(
            Arrays.stream(steps)
                    .filter(step -> step.drafted() > 0)
                    .mapToLong(StepRecord::draftNanos)
                    .sum()
                / 1e9,
            within(1e-9));
  }

  @Test
  void withoutSteps_theLedgerIsUndefined() {
    assertThat(summary().value(Scalar.LOST_TOKENS)).isNaN();
  }
}
