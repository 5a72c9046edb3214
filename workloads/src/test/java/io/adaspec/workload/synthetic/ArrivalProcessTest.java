package io.adaspec.workload.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess.Constant;
import io.adaspec.workload.synthetic.ArrivalProcess.Gamma;
import io.adaspec.workload.synthetic.ArrivalProcess.OnOff;
import io.adaspec.workload.synthetic.ArrivalProcess.Poisson;
import io.adaspec.workload.synthetic.ArrivalProcess.Step;
import io.adaspec.workload.synthetic.ArrivalProcess.Steps;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalProcessTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double SIGNIFICANT = 0.001;
  private static final int SAMPLES = 20_000;

  @Test
  void constant_isEvenlySpacedAndDoesNotDrift() {
    long[] arrivals = new Constant(3).first(3_000_001, random(0));

    assertThat(Arrays.copyOf(arrivals, 4)).containsExactly(0, 333_333_333, 666_666_667, SECOND);
    assertThat(arrivals[3_000_000]).isEqualTo(1_000_000 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void poisson_hasExponentialGaps(long seed) {
    double[] gaps = ArrivalStatistics.gaps(new Poisson(7).first(SAMPLES, random(seed)));

    assertThat(ksPValue(gaps, ExponentialDistribution.of(1 / 7.0)::cumulativeProbability))
        .isGreaterThan(SIGNIFICANT);
  }

  @Test
  void poisson_isNeitherOverNorUnderDispersed() {
    long[] arrivals = new Poisson(10).until(Duration.ofSeconds(4000), random(4));

    assertThat(ArrivalStatistics.dispersion(arrivals, SECOND, 4000))
        .isCloseTo(1, Offset.offset(0.1));
    assertThat((double) arrivals.length).isCloseTo(40_000, Percentage.withPercentage(2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 1, 4})
  void gamma_hasGammaGapsWithBurstinessAsShape(double burstiness) {
    double[] gaps = ArrivalStatistics.gaps(new Gamma(5, burstiness).first(SAMPLES, random(5)));

    DoubleUnaryOperator cdf =
        GammaDistribution.of(burstiness, 1 / (5 * burstiness))::cumulativeProbability;
    assertThat(ksPValue(gaps, cdf)).isGreaterThan(SIGNIFICANT);
    assertThat(ArrivalStatistics.mean(gaps)).isCloseTo(0.2, Percentage.withPercentage(4));
    assertThat(ArrivalStatistics.cv(gaps))
        .isCloseTo(1 / Math.sqrt(burstiness), Percentage.withPercentage(4));
  }

  @Test
  void gamma_ofCvInvertsTheShape() {
    assertThat(Gamma.ofCv(2, 2)).isEqualTo(new Gamma(2, 0.25));
    assertThat(new Gamma(2, 0.25).cv()).isEqualTo(2);
  }

  @Test
  void onOff_withEqualRatesIsPoisson() {
    double[] gaps = ArrivalStatistics.gaps(new OnOff(6, 6, 0.5, 0.3).first(SAMPLES, random(6)));

    assertThat(ksPValue(gaps, ExponentialDistribution.of(1 / 6.0)::cumulativeProbability))
        .isGreaterThan(SIGNIFICANT);
  }

  /// The limiting index of dispersion of a two-state Markov-modulated Poisson process is known.
  @Test
  void onOff_hasTheMeanRateAndDispersionOfTheory() {
    OnOff process = new OnOff(40, 2, 1, 3);
    int seconds = 40_000;
    long[] arrivals = process.until(Duration.ofSeconds(seconds), random(7));

    double leaveOn = 1 / process.meanOnSeconds();
    double leaveOff = 1 / process.meanOffSeconds();
    double theory =
        1
            + 2
                * leaveOn
                * leaveOff
                * Math.pow(process.onRate() - process.offRate(), 2)
                / (Math.pow(leaveOn + leaveOff, 2)
                    * (process.onRate() * leaveOff + process.offRate() * leaveOn));
    assertThat(process.meanRate()).isEqualTo(11.5);
    assertThat(arrivals.length / (double) seconds).isCloseTo(11.5, Percentage.withPercentage(3));
    assertThat(ArrivalStatistics.dispersion(arrivals, 40 * SECOND, seconds / 40))
        .isCloseTo(theory, Percentage.withPercentage(15));
  }

  @Test
  void onOff_isSilentBetweenBurstsOfOffRateZero() {
    double[] gaps = ArrivalStatistics.gaps(new OnOff(1000, 0, 1, 10).first(SAMPLES, random(8)));

    assertThat(Arrays.stream(gaps).max().orElseThrow()).isGreaterThan(5);
    assertThat(Arrays.stream(gaps).filter(gap -> gap < 0.01).count()).isGreaterThan(19_800);
  }

  @Test
  void onOff_startsInABurstAsOftenAsItIsInOne() {
    OnOff process = new OnOff(1000, 0, 1, 3);

    long startedOn =
        LongStream.range(0, 4000)
            .filter(seed -> process.first(1, random(seed))[0] < 10_000_000)
            .count();

    assertThat(startedOn / 4000.0).isCloseTo(0.25, Offset.offset(0.03));
  }

  @Test
  void steps_followTheirRatesAndEnd() {
    Steps process = Steps.of(new Step(100, 50), new Step(0, 10), new Step(400, 50));

    long[] arrivals = process.first(Integer.MAX_VALUE, random(9));

    double firstStep = ArrivalStatistics.countBefore(arrivals, 50 * SECOND);
    double secondStep = ArrivalStatistics.countBefore(arrivals, 60 * SECOND) - firstStep;
    double thirdStep = arrivals.length - firstStep - secondStep;
    assertThat(firstStep).isCloseTo(5_000, Offset.offset(4 * Math.sqrt(5_000)));
    assertThat(secondStep).isZero();
    assertThat(thirdStep).isCloseTo(20_000, Offset.offset(4 * Math.sqrt(20_000)));
    assertThat(arrivals[arrivals.length - 1]).isLessThan(110 * SECOND);
    assertThat(process.meanRate()).isEqualTo(25_000 / 110.0);
    double[] inThird =
        LongStream.of(arrivals).filter(t -> t >= 60 * SECOND).mapToDouble(t -> t / 1e9).toArray();
    assertThat(ksPValue(inThird, t -> Math.clamp((t - 60) / 50, 0.0, 1.0)))
        .isGreaterThan(SIGNIFICANT);
  }

  static List<ArrivalProcess> processes() {
    return List.of(
        new Constant(9),
        new Poisson(9),
        new Gamma(9, 0.3),
        new OnOff(30, 1, 0.5, 2),
        Steps.of(new Step(5, 100), new Step(50, 100)));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void everyProcess_isAFunctionOfItsSeedAndSorted(ArrivalProcess process) {
    long[] arrivals = process.first(2000, random(10));

    assertThat(arrivals).hasSize(2000).isSorted();
    assertThat(process.first(2000, random(10))).isEqualTo(arrivals);
    if (!(process instanceof Constant)) {
      assertThat(process.first(2000, random(11))).isNotEqualTo(arrivals);
    }
  }

  /// A longer schedule continues a shorter one: nothing is rescaled to fit.
  @ParameterizedTest
  @MethodSource("processes")
  void everyProcess_isNotRescaledToCountOrDuration(ArrivalProcess process) {
    long[] all = process.first(2000, random(12));
    long end = all[1500] + 1;

    assertThat(process.first(700, random(12))).isEqualTo(Arrays.copyOf(all, 700));
    assertThat(process.until(Duration.ofNanos(end), random(12)))
        .isEqualTo(LongStream.of(all).filter(t -> t < end).toArray());
  }

  @Test
  void badParametersAreRefusedByValue() {
    assertThatThrownBy(() -> new Poisson(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new Constant(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Gamma(1, -1)).hasMessageContaining("burstiness");
    assertThatThrownBy(() -> Gamma.ofCv(1, 0)).hasMessageContaining("variation");
    assertThatThrownBy(() -> new OnOff(1, -0.1, 1, 1)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new Step(1, -1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> Steps.of()).hasMessageContaining("at least one step");
  }

  static double ksPValue(double[] sample, DoubleUnaryOperator cdf) {
    return KolmogorovSmirnovTest.withDefaults().test(sample, cdf).getPValue();
  }

  private static UniformRandomProvider random(long seed) {
    return RandomStreams.of(seed);
  }
}
