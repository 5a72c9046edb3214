package io.adaspec.workload.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess.Gamma;
import io.adaspec.workload.synthetic.ArrivalProcess.Poisson;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Faults found in other load generators, planted here to show that the statistics of
/// [ArrivalProcessTest] would find them.
class PlantedArrivalDefectsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void workersThatShareASeedAreOverDispersed() {
    assertThat(dispersionOfTenWorkers(worker -> 1)).isGreaterThan(8);
    assertThat(dispersionOfTenWorkers(worker -> worker)).isCloseTo(1, Offset.offset(0.1));
  }

  @Test
  void aScheduleStretchedToItsNominalLengthVariesTooLittle() {
    Poisson process = new Poisson(100);

    double exact =
        varianceOfFirstHalf(seed -> process.until(Duration.ofSeconds(2), RandomStreams.of(seed)));
    double stretched =
        varianceOfFirstHalf(seed -> stretch(process.first(200, RandomStreams.of(seed))));

    assertThat(exact).isCloseTo(100, Offset.offset(10.0));
    assertThat(stretched).isCloseTo(50, Offset.offset(10.0));
  }

  @Test
  void gapsOfAnotherDistributionFailTheKolmogorovSmirnovTest() {
    double[] gaps = ArrivalStatistics.gaps(new Gamma(7, 0.9).first(20_000, RandomStreams.of(3)));

    double p =
        ArrivalProcessTest.ksPValue(
            gaps, ExponentialDistribution.of(1 / 7.0)::cumulativeProbability);

    assertThat(p).isLessThan(1e-6);
  }

  @Test
  void arrivalsFlooredToSecondsFailTheKolmogorovSmirnovTest() {
    long[] floored =
        Arrays.stream(new Poisson(7).first(20_000, RandomStreams.of(3)))
            .map(nanos -> nanos / SECOND * SECOND)
            .toArray();

    double p =
        ArrivalProcessTest.ksPValue(
            ArrivalStatistics.gaps(floored),
            ExponentialDistribution.of(1 / 7.0)::cumulativeProbability);

    assertThat(p).isLessThan(1e-6);
  }

  private static double dispersionOfTenWorkers(LongUnaryOperator seedOfWorker) {
    long[] merged =
        LongStream.range(0, 10)
            .flatMap(
                worker ->
                    Arrays.stream(
                        new Poisson(1)
                            .until(
                                Duration.ofSeconds(4000),
                                RandomStreams.of(seedOfWorker.applyAsLong(worker)))))
            .toArray();
    return ArrivalStatistics.dispersion(merged, SECOND, 4000);
  }

  private static double varianceOfFirstHalf(LongFunction<long[]> schedule) {
    return ArrivalStatistics.variance(
        LongStream.range(0, 4000)
            .map(seed -> ArrivalStatistics.countBefore(schedule.apply(seed), SECOND))
            .toArray());
  }

  private static long[] stretch(long[] arrivals) {
    double factor = 2.0 * SECOND / arrivals[arrivals.length - 1];
    return Arrays.stream(arrivals).map(nanos -> Math.round(nanos * factor)).toArray();
  }
}
