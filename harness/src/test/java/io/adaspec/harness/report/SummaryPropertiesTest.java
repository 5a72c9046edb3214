package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SummaryPropertiesTest {
  private static List<RequestRecord> requests(long seed, int count) {
    return LongStream.range(seed, seed + count).mapToObj(Rows::request).toList();
  }

  private static Summary summary(List<RequestRecord> requests) {
    return Summary.of(requests, List.of());
  }

  @Property(tries = 200)
  void shares_stayWithinBounds(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Summary summary = summary(requests(seed, count));
    assertThat(summary.value(Scalar.ATTAINMENT)).isBetween(0.0, 100.0);
    for (Scalar share :
        List.of(
            Scalar.TTFT_ATTAINMENT,
            Scalar.TPOT_ATTAINMENT,
            Scalar.E2E_ATTAINMENT,
            Scalar.ACCEPTANCE_RATE,
            Scalar.DRAFT_EFFICIENCY,
            Scalar.SPECULATIVE_SHARE)) {
      double value = summary.value(share);
      assertThat(Double.isNaN(value) || (value >= 0 && value <= 100)).as("%s", share).isTrue();
    }
    double goodput = summary.value(Scalar.GOODPUT);
    assertThat(goodput > summary.value(Scalar.REQUEST_THROUGHPUT)).isFalse();
    assertThat(summary.value(Scalar.TOKEN_GOODPUT) > summary.value(Scalar.OUTPUT_THROUGHPUT))
        .isFalse();
  }

  @Property(tries = 200)
  void requests_areConserved(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 0, max = 60) int count) {
    Summary summary = summary(requests(seed, count));
    double ended =
        summary.value(Scalar.COMPLETED)
            + summary.value(Scalar.FAILED)
            + summary.value(Scalar.REJECTED)
            + summary.value(Scalar.CANCELLED)
            + summary.value(Scalar.UNFINISHED);
    assertThat(ended).isEqualTo(count).isEqualTo(summary.value(Scalar.ARRIVED));
  }

  @Property(tries = 200)
  void histograms_holdEverySample(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 0, max = 60) int count) {
    List<RequestRecord> requests = requests(seed, count);
    Summary summary = summary(requests);
    List<RequestRecord> served =
        requests.stream().filter(r -> r.outcome().completed() && r.outputTokens() > 0).toList();
    assertThat(summary.latency(Latency.TTFT).count()).isEqualTo(served.size());
    assertThat(summary.latency(Latency.E2E).count()).isEqualTo(served.size());
    assertThat(summary.latency(Latency.TPOT).count())
        .isEqualTo(served.stream().filter(r -> r.outputTokens() > 1).count());
    assertThat(summary.latency(Latency.ITL).count())
        .isEqualTo(served.stream().mapToInt(r -> r.emissions().size() - 1).sum());
    assertThat(summary.latency(Latency.DISPATCH_LAG).count())
        .isEqualTo(
            requests.stream().filter(r -> r.dispatchedNanos() != RequestRecord.NEVER).count());
  }

  @Property(tries = 100)
  void order_doesNotMatter(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    List<RequestRecord> shuffled = new ArrayList<>(requests(seed, count));
    Collections.shuffle(shuffled, new Random(seed));
    List<Double> expected = values(summary(requests(seed, count)));
    List<Double> actual = values(summary(shuffled));
    for (int i = 0; i < expected.size(); i++) {
      // Sums of confidences depend on the order in their last bits.
      assertThat(actual.get(i)).isCloseTo(expected.get(i), withinPercentage(1e-9));
    }
  }

  @Property(tries = 100)
  void looserObjectives_neverLowerAttainment(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    List<RequestRecord> requests = requests(seed, count);
    List<RequestRecord> looser =
        requests.stream().map(r -> with(r, r.outcome(), SummaryPropertiesTest::doubled)).toList();
    assertThat(summary(looser).value(Scalar.ATTAINMENT))
        .isGreaterThanOrEqualTo(summary(requests).value(Scalar.ATTAINMENT));
  }

  @Property(tries = 100)
  void failures_areMisses(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    List<RequestRecord> failed =
        requests(seed, count).stream().map(r -> with(r, Outcome.FAILED, slo -> slo)).toList();
    assertThat(summary(failed).value(Scalar.ATTAINMENT)).isZero();
  }

  @Property(tries = 100)
  void percentiles_ascend(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Distribution gaps = summary(requests(seed, count)).latency(Latency.ITL);
    List<Double> values =
        gaps.count() == 0
            ? List.of()
            : IntStream.rangeClosed(0, 100).mapToObj(p -> gaps.percentileMillis(p)).toList();
    assertThat(values).isSorted();
  }

  private static Slo doubled(Slo slo) {
    return new Slo(doubled(slo.ttftNanos()), doubled(slo.tpotNanos()), doubled(slo.e2eNanos()));
  }

  private static long doubled(long nanos) {
    return nanos == Slo.NONE ? Slo.NONE : 2 * nanos;
  }

  private static RequestRecord with(RequestRecord row, Outcome outcome, Function<Slo, Slo> slo) {
    return new RequestRecord(
        row.id(),
        row.category(),
        row.sloClass(),
        row.scheduledNanos(),
        row.dispatchedNanos(),
        row.promptTokens(),
        row.requestedOutputTokens(),
        slo.apply(row.slo()),
        row.emissions(),
        row.stats(),
        outcome,
        row.reason());
  }

  private static List<Double> values(Summary summary) {
    return Arrays.stream(Scalar.values()).map(summary::value).toList();
  }

  @Property(tries = 100)
  void controller_isPartOfTheStep(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    List<StepRecord> steps =
        LongStream.range(seed, (long) seed + count).mapToObj(Rows::step).toList();
    Summary summary = Summary.of(List.of(), steps);
    assertThat(summary.value(Scalar.CONTROLLER_OVERHEAD)).isBetween(0.0, 100.0);
    assertThat(summary.value(Scalar.KV_USAGE))
        .isBetween(0.0, summary.value(Scalar.PEAK_KV_USAGE) + 1e-9);
  }
}
