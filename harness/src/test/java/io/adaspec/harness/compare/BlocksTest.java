package io.adaspec.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.workload.random.RandomStreams;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

/// The block bootstrap's blocks, and how long they are.
class BlocksTest {
  private static final UniformRandomProvider RANDOM = RandomStreams.of(1);

  @Test
  void everyDraw_hasTheSizeOfTheSeries() {
    for (int size : new int[] {1, 2, 7, 100}) {
      for (int length : new int[] {1, 3, 7, 100, 1000}) {
        int[] weights = new CircularBlocks(size, length).draw(RANDOM);
        assertThat(weights).hasSize(size);
        assertThat(Arrays.stream(weights).sum()).isEqualTo(size);
      }
    }
    assertThat(new CircularBlocks(0, 1).draw(RANDOM)).isEmpty();
  }

  /// Blocks wrap around, so that no value is drawn less often than another.
  @Test
  void everyValue_isDrawnAsOften() {
    int draws = 20_000;
    double[] sums = new double[10];
    for (int d = 0; d < draws; d++) {
      int[] weights = new CircularBlocks(10, 4).draw(RANDOM);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weights[i];
      }
    }
    for (double sum : sums) {
      assertThat(sum / draws).isEqualTo(1, within(0.05));
    }
  }

  @Test
  void oneBlock_isAStretchThatWrapsAround() {
    int[] weights = new CircularBlocks(10, 10).draw(RANDOM);
    assertThat(weights).containsOnly(1);
    // Two blocks of four and one of two: at most three rises, also from the last to the first.
    int[] three = new CircularBlocks(10, 4).draw(RANDOM);
    long rises = IntStream.range(0, 10).filter(i -> three[(i + 1) % 10] > three[i]).count();
    assertThat(rises).isBetween(1L, 3L);
  }

  @Test
  void nonsense_isRefused() {
    assertThatThrownBy(() -> new CircularBlocks(5, 0)).hasMessage("size 5, block length 0");
    assertThatThrownBy(() -> new CircularBlocks(-1, 1)).hasMessage("size -1, block length 1");
  }

  /// A first-order autoregression.
  private static double[] series(int size, double correlation, long seed) {
    Random random = new Random(seed);
    double[] series = new double[size];
    for (int i = 1; i < size; i++) {
      series[i] = correlation * series[i - 1] + random.nextGaussian();
    }
    return series;
  }

  private static double meanLength(int size, double correlation) {
    return IntStream.range(0, 40)
        .mapToDouble(seed -> BlockLength.of(series(size, correlation, seed)))
        .average()
        .orElseThrow();
  }

  /// The optimum for the variance of a mean of an AR(1) is (6 n (ρ / (1 - ρ²))²)^⅓: 67 values for
  /// 0.8 and 2,000.
  @Test
  void length_followsTheDependence() {
    double independent = meanLength(2000, 0);
    double some = meanLength(2000, 0.4);
    double much = meanLength(2000, 0.8);
    assertThat(independent).isLessThan(6);
    assertThat(some).isBetween(independent, 25.0);
    double optimum = Math.cbrt(6.0 * 2000 * Math.pow(0.8 / (1 - 0.64), 2));
    assertThat(much).isBetween(0.6 * optimum, 1.6 * optimum);
  }

  @Test
  void length_ofShortConstantAndUnknownSeries_isOne() {
    assertThat(BlockLength.of(new double[7])).isEqualTo(1);
    assertThat(BlockLength.of(new double[100])).isEqualTo(1);
    double[] unknown = new double[100];
    Arrays.fill(unknown, Double.NaN);
    unknown[3] = 5;
    assertThat(BlockLength.of(unknown)).isEqualTo(1);
    double[] trend = IntStream.range(0, 99).mapToDouble(i -> i).toArray();
    assertThat(BlockLength.of(trend)).isLessThanOrEqualTo(33);
  }
}
