package io.adaspec.harness.report;

import static io.adaspec.harness.report.Requests.served;
import static io.adaspec.harness.report.Requests.slo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakdownTest {
  private static Summary summary(RequestRecord... requests) {
    return Summary.of(List.of(requests), List.of());
  }

  private static RequestStats judged(int[] judged, int[] accepted, Calibration calibration) {
    return new RequestStats(true, 5, 9, 8, 3, 3, 2, 0, judged, accepted, calibration);
  }

  /// Two bins: `low` with mean confidence 0.25, `high` with 0.75.
  private static Calibration calibration(
      int low, int lowAccepted, int high, int highAccepted, double squaredError) {
    int[] judged = new int[Calibration.BINS];
    int[] accepted = new int[Calibration.BINS];
    double[] sums = new double[Calibration.BINS];
    judged[2] = low;
    judged[7] = high;
    accepted[2] = lowAccepted;
    accepted[7] = highAccepted;
    sums[2] = 0.25 * low;
    sums[7] = 0.75 * high;
    return new Calibration(judged, accepted, sums, squaredError);
  }

  private static RequestRecord of(String category, RequestStats stats) {
    RequestRecord row =
        Requests.request(
            1, 0, Slo.UNCONSTRAINED, Outcome.LENGTH, stats, 10, 1, 20, 3, 30, 2, 40, 1);
    return Requests.in(category, "", row);
  }

  @Test
  void positions_areSummedDownToTheDeepest() {
    Summary summary =
        summary(
            of("", judged(new int[] {4, 2}, new int[] {2, 1}, Calibration.NONE)),
            of("", judged(new int[] {1, 1, 1}, new int[] {1, 1, 0}, Calibration.NONE)));

    assertThat(summary.byDepth())
        .containsExactly(
            new Breakdown.ByDepth(1, 5, 3, 60),
            new Breakdown.ByDepth(2, 3, 2, 100 * 2 / 3.0),
            new Breakdown.ByDepth(3, 1, 0, 0));
  }

  @Test
  void confidence_isComparedWithAcceptance() {
    int[] none = {};
    Summary summary =
        summary(
            of("", judged(none, none, calibration(4, 2, 0, 0, 0.5))),
            of("", judged(none, none, calibration(0, 0, 6, 3, 1.5))));

    List<Breakdown.ByConfidence> bins = summary.byConfidence();
    assertThat(bins).hasSize(10);
    assertThat(bins.get(2)).isEqualTo(new Breakdown.ByConfidence(0.2, 0.3, 4, 0.25, 50));
    assertThat(bins.get(7)).isEqualTo(new Breakdown.ByConfidence(0.7, 0.8, 6, 0.75, 50));
    assertThat(bins.get(9).judged()).isZero();
    assertThat(bins.get(9).meanConfidence()).isNaN();
    assertThat(summary.value(Scalar.BRIER_SCORE)).isCloseTo(0.2, within(1e-12));
    assertThat(summary.value(Scalar.MEAN_CONFIDENCE)).isCloseTo(55, within(1e-12));
    assertThat(summary.value(Scalar.JUDGED_ACCEPTANCE)).isCloseTo(50, within(1e-12));
    // |1 - 2| + |4.5 - 3| over 10.
    assertThat(summary.value(Scalar.CALIBRATION_ERROR)).isCloseTo(25, within(1e-12));
  }

  @Test
  void categories_haveTheirOwnAcceptance() {
    RequestStats stats = judged(new int[0], new int[0], Calibration.NONE);
    Summary summary = summary(of("code", stats), of("chat", stats), of("chat", stats));

    assertThat(summary.byCategory())
        .containsExactly(
            new Breakdown.ByCategory("chat", 2, 16, 6, 37.5, 2.5),
            new Breakdown.ByCategory("code", 1, 8, 3, 37.5, 2.5));
  }

  @Test
  void theWorstClass_isTheOneWithTheLowestAttainment() {
    Summary summary =
        summary(
            Requests.in("", "chat", served(1, 0, slo(100, 0, 0), 50, 1)),
            Requests.in("", "chat", served(2, 0, slo(100, 0, 0), 150, 1)),
            Requests.in("", "code", served(3, 0, slo(300, 0, 0), 150, 1)),
            Requests.in("", "code", served(4, 0, slo(300, 0, 0), 500, 1)),
            Requests.in("", "code", served(5, 0, slo(300, 0, 0), 500, 1)));

    assertThat(summary.byClass())
        .containsExactly(
            new Breakdown.ByClass("chat", 2, 50, 2),
            new Breakdown.ByClass("code", 3, 100 / 3.0, 2));
    assertThat(summary.value(Scalar.ATTAINMENT)).isEqualTo(40);
    assertThat(summary.value(Scalar.WORST_CLASS_ATTAINMENT)).isEqualTo(100 / 3.0);
    assertThat(summary.value(Scalar.WORST_CLASS_GOODPUT)).isEqualTo(2);
  }

  @Test
  void withoutClasses_thereIsNoWorstOne() {
    Summary summary = summary(served(1, 0, slo(100, 0, 0), 50, 1));

    assertThat(summary.byClass()).isEmpty();
    assertThat(summary.value(Scalar.WORST_CLASS_ATTAINMENT)).isNaN();
  }
}
