package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.harness.report.RepeatTable.Interval;
import org.junit.jupiter.api.Test;

class RepeatTableTest {
  @Test
  void anInterval_isStudents() {
    Interval interval = Interval.of(1, 2, 3);
    assertThat(interval.mean()).isEqualTo(2);
    // 0.975 quantile of t with 2 degrees of freedom, by table, times s / sqrt(3)
    assertThat(interval.high() - 2).isCloseTo(4.302653 / Math.sqrt(3), within(1e-5));
    assertThat(2 - interval.low()).isCloseTo(4.302653 / Math.sqrt(3), within(1e-5));
    assertThat(interval.values()).isEqualTo(3);
  }

  @Test
  void oneValue_hasAMeanAndNoInterval() {
    Interval interval = Interval.of(7, Double.NaN);
    assertThat(interval.mean()).isEqualTo(7);
    assertThat(interval.low()).isNaN();
    assertThat(interval.high()).isNaN();
    assertThat(interval.values()).isEqualTo(1);
  }

  @Test
  void ratios_averageGeometrically() {
    Interval interval = Interval.ofRatios(0.5, 2);
    assertThat(interval.mean()).isCloseTo(1, within(1e-12));
    assertThat(interval.low() * interval.high()).isCloseTo(1, within(1e-9));
    assertThat(interval.low()).isLessThan(0.5);
  }
}
