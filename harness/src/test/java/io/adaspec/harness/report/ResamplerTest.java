package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.Rows;
import io.adaspec.harness.report.Resampler.Resample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// A resample has the metrics of [Summary] over as many copies of each request as its weight says.
class ResamplerTest {
  /// Relative error of a histogram with three significant digits.
  private static final double HISTOGRAM = 2e-3;

  private static List<RequestRecord> requests(long seed, int count) {
    return LongStream.range(seed, seed + count).mapToObj(Rows::request).toList();
  }

  private static List<StepRecord> steps(long seed, int count) {
    return LongStream.range(seed, seed + count).mapToObj(Rows::step).toList();
  }

  private static int[] ones(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static <R> List<R> copies(List<R> rows, int[] weights) {
    List<R> copies = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      copies.addAll(Collections.nCopies(weights[i], rows.get(i)));
    }
    return copies;
  }

  private static void assertEqual(Resample resample, Summary summary, boolean sameSpan) {
    for (Scalar metric : Scalar.values()) {
      boolean overTime = metric.unit().endsWith("/s") || metric == Scalar.DURATION;
      if (sameSpan || !(overTime || metric == Scalar.PEAK_KV_USAGE)) {
        assertClose(metric.key(), resample.value(metric), summary.value(metric), 1e-9);
      }
    }
    for (Latency latency : Latency.values()) {
      Distribution expected = summary.latency(latency);
      assertClose(latency.key(), resample.meanMillis(latency), expected.meanMillis(), HISTOGRAM);
      for (double percentile : new double[] {1, 50, 90, 99}) {
        assertClose(
            latency.key() + " P" + percentile,
            resample.percentileMillis(latency, percentile),
            expected.percentileMillis(percentile),
            HISTOGRAM);
      }
    }
  }

  private static void assertClose(String what, double actual, double expected, double relative) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as(what).isNaN();
    } else {
      assertThat(actual)
          .as(what)
          .isEqualTo(expected, within(relative * Math.max(1e-3, Math.abs(expected))));
    }
  }

  @Property(tries = 50)
  void whole_isTheSummary(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 80) int count) {
    List<RequestRecord> requests = requests(seed, count);
    List<StepRecord> steps = steps(seed, 3 * count);
    assertEqual(Resampler.of(requests, steps).whole(), Summary.of(requests, steps), true);
  }

  @Property(tries = 50)
  void weights_areCopies(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 2, max = 60) int count) {
    Random random = new Random(seed);
    List<RequestRecord> requests = requests(seed, count);
    List<StepRecord> steps = steps(seed, count);
    int[] requestWeights = IntStream.generate(() -> random.nextInt(4)).limit(count).toArray();
    int[] stepWeights = IntStream.generate(() -> random.nextInt(4)).limit(count).toArray();
    requestWeights[random.nextInt(count)] = 1;
    stepWeights[random.nextInt(count)] = 1;
    assertEqual(
        Resampler.of(requests, steps).weighted(requestWeights, stepWeights),
        Summary.of(copies(requests, requestWeights), copies(steps, stepWeights)),
        false);
  }

  @Test
  void order_doesNotMatter_andIdsAscend() {
    List<RequestRecord> requests = new ArrayList<>(requests(7, 40));
    Resampler inOrder = Resampler.of(requests, List.of());
    Collections.shuffle(requests, new Random(1));
    Resampler shuffled = Resampler.of(requests, List.of());
    assertThat(shuffled.ids())
        .isEqualTo(LongStream.range(7, 47).toArray())
        .isEqualTo(inOrder.ids());
    int[] weights = new int[40];
    weights[3] = 2;
    weights[39] = 1;
    for (Scalar metric : Scalar.values()) {
      assertThat(shuffled.weighted(weights, new int[0]).value(metric))
          .as(metric.key())
          .isEqualTo(Double.valueOf(inOrder.weighted(weights, new int[0]).value(metric)));
    }
  }

  /// A resample stands for a run as long as the real one, so that rates vary with what was done.
  @Test
  void duration_isTheWholeRuns_whateverIsLeftOut() {
    List<RequestRecord> requests = requests(0, 30);
    Resampler resampler = Resampler.of(requests, List.of());
    int[] weights = new int[30];
    weights[14] = 30;
    assertThat(resampler.weighted(weights, new int[0]).value(Scalar.DURATION))
        .isEqualTo(resampler.whole().value(Scalar.DURATION));
  }

  @Test
  void manySteps_areFewStretches_withTheSameSums() {
    List<StepRecord> steps = steps(0, 5000);
    Resampler resampler = Resampler.of(List.of(), steps);
    assertThat(resampler.stretches()).isBetween(512, 1024);
    Summary summary = Summary.of(List.of(), steps);
    for (Scalar metric : List.of(Scalar.STEPS, Scalar.STEP_TIME, Scalar.MEAN_BATCH)) {
      assertThat(resampler.whole().value(metric)).isEqualTo(summary.value(metric));
    }
  }

  @Test
  void requestsWithoutTheMetric_areNotCounted() {
    List<RequestRecord> requests = requests(0, 100);
    long served =
        requests.stream().filter(r -> r.outcome().completed() && r.outputTokens() > 1).count();
    Resampler resampler = Resampler.of(requests, List.of());
    assertThat(resampler.requests()).isEqualTo(100);
    assertThat(resampler.requestsWith(Latency.TPOT)).isEqualTo((int) served).isBetween(1, 99);
    assertThat(Arrays.stream(resampler.meanMillisByRequest(Latency.TPOT)).filter(Double::isNaN))
        .hasSize(100 - (int) served);
  }

  @Test
  void nothingDrawn_isUndefined() {
    Resample none = Resampler.of(requests(0, 5), List.of()).weighted(new int[5], new int[0]);
    assertThat(none.meanMillis(Latency.TTFT)).isNaN();
    assertThat(none.percentileMillis(Latency.TTFT, 50)).isNaN();
    assertThat(none.value(Scalar.ATTAINMENT)).isNaN();
  }

  @Test
  void weightsOfAnotherLength_areRefused() {
    Resampler resampler = Resampler.of(requests(0, 5), steps(0, 3));
    assertThatThrownBy(() -> resampler.weighted(ones(4), ones(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 and 3 weights for 5 requests and 3 stretches");
    assertThatThrownBy(() -> resampler.weighted(ones(5), ones(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
