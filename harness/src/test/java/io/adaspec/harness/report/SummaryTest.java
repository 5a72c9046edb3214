package io.adaspec.harness.report;

import static io.adaspec.harness.report.Requests.request;
import static io.adaspec.harness.report.Requests.served;
import static io.adaspec.harness.report.Requests.slo;
import static io.adaspec.harness.report.Requests.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.ArrowRunWriter;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.Rows;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  private static final Slo NONE = Slo.UNCONSTRAINED;
  private static final Offset<Double> EXACT = within(1e-9);

  private static Summary summary(RequestRecord... requests) {
    return Summary.of(List.of(requests), List.of());
  }

  private static void assertMillis(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(expected / 1000 + 1e-9));
  }

  @Test
  void latencies_countFromTheScheduledArrival() {
    // Late by 400 ms: the queue in the harness is part of the latency.
    RequestRecord late = served(1, 1000, NONE, 1500, 1, 1600, 1, 1800, 1);
    late =
        new RequestRecord(
            late.id(),
            late.category(),
            late.sloClass(),
            late.scheduledNanos(),
            1400 * Requests.MS,
            late.promptTokens(),
            late.requestedOutputTokens(),
            late.slo(),
            late.emissions(),
            late.stats(),
            late.outcome(),
            late.reason());
    Summary summary = summary(late);
    assertMillis(summary.latency(Latency.TTFT).meanMillis(), 500);
    assertMillis(summary.latency(Latency.E2E).meanMillis(), 800);
    assertMillis(summary.latency(Latency.TPOT).meanMillis(), 150);
    assertMillis(summary.latency(Latency.DISPATCH_LAG).meanMillis(), 400);
  }

  @Test
  void burst_isOneGap_andItsTokensShareTpot() {
    Summary summary = summary(served(1, 0, NONE, 100, 1, 160, 4, 220, 2));
    assertThat(summary.latency(Latency.ITL).count()).isEqualTo(2);
    assertMillis(summary.latency(Latency.ITL).meanMillis(), 60);
    assertMillis(summary.latency(Latency.TPOT).meanMillis(), 20);
    assertThat(summary.value(Scalar.OUTPUT_TOKENS)).isEqualTo(7);
  }

  @Test
  void oneToken_hasNoTpot_andCannotFailIt() {
    Summary summary = summary(served(1, 0, slo(0, 1, 0), 100, 1));
    assertThat(summary.latency(Latency.TPOT).count()).isZero();
    assertThat(summary.latency(Latency.TPOT).meanMillis()).isNaN();
    assertThat(summary.latency(Latency.ITL).count()).isZero();
    assertThat(summary.value(Scalar.ATTAINMENT)).isEqualTo(100);
    assertThat(summary.value(Scalar.TPOT_ATTAINMENT)).isEqualTo(100);
  }

  @Test
  void attainment_countsEveryArrival() {
    Slo slo = slo(100, 20, 0);
    Summary summary =
        summary(
            served(1, 0, slo, 100, 1, 120, 1), // both exactly met
            served(2, 0, slo, 101, 1, 102, 1), // first token late
            served(3, 0, slo, 50, 1, 92, 2), // 21 ms per token
            request(4, 0, slo, Outcome.FAILED, RequestStats.NONE, 10, 1),
            request(5, 0, slo, Outcome.REJECTED, RequestStats.NONE),
            request(6, 0, slo, Outcome.UNFINISHED, RequestStats.NONE, 10, 1, 2000, 1),
            request(7, 0, slo, Outcome.CANCELLED, RequestStats.NONE),
            request(8, 0, slo, Outcome.STOP, RequestStats.NONE)); // a reply without a token
    assertThat(summary.value(Scalar.ARRIVED)).isEqualTo(8);
    assertThat(summary.value(Scalar.COMPLETED)).isEqualTo(4);
    assertThat(summary.value(Scalar.ATTAINMENT)).isEqualTo(100 / 8.0);
    assertThat(summary.value(Scalar.TTFT_ATTAINMENT)).isEqualTo(200 / 8.0);
    assertThat(summary.value(Scalar.TPOT_ATTAINMENT)).isEqualTo(200 / 8.0);
    assertThat(summary.value(Scalar.E2E_ATTAINMENT)).isNaN();
    assertThat(summary.value(Scalar.DURATION)).isEqualTo(2);
    assertThat(summary.value(Scalar.GOODPUT)).isEqualTo(0.5);
    assertThat(summary.value(Scalar.TOKEN_GOODPUT)).isEqualTo(1);
    assertThat(summary.latency(Latency.TTFT).count()).isEqualTo(3);
  }

  @Test
  void requestWithoutObjectives_isGoodOnceServed() {
    Summary summary =
        summary(
            served(1, 0, NONE, 100, 1),
            request(2, 0, NONE, Outcome.FAILED, RequestStats.NONE, 50, 1));
    assertThat(summary.value(Scalar.ATTAINMENT)).isEqualTo(50);
  }

  @Test
  void duration_startsAtTheFirstScheduledArrival() {
    // Arrivals start late in the trace; the idle time before does not count.
    Summary summary =
        summary(served(2, 73_500, NONE, 74_990, 3), served(1, 72_990, NONE, 73_000, 1));
    assertThat(summary.value(Scalar.DURATION)).isEqualTo(2);
    assertThat(summary.value(Scalar.REQUEST_THROUGHPUT)).isEqualTo(1);
    assertThat(summary.value(Scalar.OUTPUT_THROUGHPUT)).isEqualTo(2);
    assertThat(summary.value(Scalar.TOTAL_THROUGHPUT)).isEqualTo(12);
  }

  @Test
  void nothingServed_leavesRatesUndefined() {
    Summary summary = summary(request(1, 0, NONE, Outcome.REJECTED, RequestStats.NONE));
    assertThat(summary.value(Scalar.DURATION)).isNaN();
    assertThat(summary.value(Scalar.REQUEST_THROUGHPUT)).isNaN();
    assertThat(summary.value(Scalar.ATTAINMENT)).isZero();
    assertThat(summary.value(Scalar.ACCEPTANCE_RATE)).isNaN();
    assertThat(summary.value(Scalar.DRAFTED)).isNaN();
    assertThat(summary.value(Scalar.STEPS)).isNaN();
  }

  @Test
  void speculation_isCountedOverRequests() {
    Summary summary =
        summary(
            // Prompt, three speculative steps (4, 2, 1 tokens), one ordinary step.
            request(
                1,
                0,
                NONE,
                Outcome.LENGTH,
                new RequestStats(9, 12, 9, 4, 4, 3, 0),
                10,
                1,
                20,
                4,
                30,
                2,
                40,
                1,
                50,
                1),
            // Never speculated, was preempted, and its prompt therefore done twice.
            request(
                2,
                0,
                NONE,
                Outcome.LENGTH,
                new RequestStats(3, 2, 0, 0, 1, 0, 1),
                10,
                1,
                20,
                1,
                30,
                1),
            // Unfinished: nobody tells what it used.
            request(3, 0, NONE, Outcome.UNFINISHED, RequestStats.NONE, 10, 1, 20, 5));
    assertThat(summary.value(Scalar.DRAFTED)).isEqualTo(14);
    assertThat(summary.value(Scalar.ACCEPTANCE_RATE)).isCloseTo(100 * 4 / 9.0, EXACT);
    assertThat(summary.value(Scalar.DRAFT_EFFICIENCY)).isCloseTo(100 * 4 / 14.0, EXACT);
    assertThat(summary.value(Scalar.ACCEPTANCE_LENGTH)).isCloseTo(7 / 3.0, EXACT);
    assertThat(summary.value(Scalar.SPECULATION_LENGTH)).isCloseTo(3, EXACT);
    assertThat(summary.value(Scalar.SPECULATIVE_SHARE)).isCloseTo(60, EXACT);
    assertThat(summary.value(Scalar.PREEMPTIONS)).isEqualTo(1);
  }

  @Test
  void stopTokenAmongAccepted_hasNoBonusToken() {
    // One speculative step accepts 3 of 3; the third is the stop token, so 3 tokens come, not 4.
    Summary summary =
        summary(
            request(1, 0, NONE, Outcome.STOP, new RequestStats(4, 3, 3, 3, 1, 1, 0), 10, 1, 20, 3));
    assertThat(summary.value(Scalar.ACCEPTANCE_LENGTH)).isEqualTo(3);
    assertThat(summary.value(Scalar.ACCEPTANCE_RATE)).isEqualTo(100);
  }

  @Test
  void engine_isCountedOverSteps() {
    List<StepRecord> steps =
        List.of(step(4, 20, 2, 4, 9, 6), step(2, 60, 3, 1, 5, 10), step(0, 10, 0, 0, 8, 4));
    Summary summary = Summary.of(List.of(), steps);
    assertThat(summary.value(Scalar.STEPS)).isEqualTo(3);
    assertThat(summary.value(Scalar.MEAN_BATCH)).isEqualTo(3);
    assertThat(summary.value(Scalar.STEP_TIME)).isEqualTo(10);
    assertThat(summary.value(Scalar.CONTROLLER_OVERHEAD)).isCloseTo(1, EXACT);
    assertThat(summary.value(Scalar.KV_USAGE)).isCloseTo(30, EXACT);
    assertThat(summary.value(Scalar.PEAK_KV_USAGE)).isCloseTo(60, EXACT);
    assertThat(summary.value(Scalar.DRAFT_PREDICTION)).isCloseTo(1, EXACT);
    assertThat(summary.value(Scalar.DRAFT_ERROR)).isCloseTo(80, EXACT);
    assertThat(summary.value(Scalar.VERIFY_PREDICTION)).isCloseTo(1.1, EXACT);
    assertThat(summary.value(Scalar.VERIFY_ERROR)).isCloseTo(60, EXACT);
  }

  @Test
  void failedStep_saysNothingAboutPredictions() {
    StepRecord failed = Rows.step(failedStep());
    Summary summary = Summary.of(List.of(), List.of(step(4, 20, 2, 4, 9, 6), failed));
    assertThat(summary.value(Scalar.STEPS)).isEqualTo(2);
    assertThat(summary.value(Scalar.FAILED_STEPS)).isEqualTo(1);
    assertThat(summary.value(Scalar.DRAFT_PREDICTION)).isCloseTo(0.5, EXACT);
    assertThat(summary.value(Scalar.VERIFY_PREDICTION)).isCloseTo(1.5, EXACT);
  }

  private static long failedStep() {
    return LongStream.range(0, 1000)
        .filter(number -> !Rows.step(number).failure().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void speedup_isBaselineOverPolicy() {
    Summary slow = summary(served(1, 0, NONE, 100, 1), served(2, 0, NONE, 500, 1));
    Summary fast = summary(served(1, 0, NONE, 100, 1), served(2, 0, NONE, 200, 1));
    assertThat(Speedup.MEAN_E2E_SPEEDUP.value(slow, fast)).isCloseTo(2, EXACT);
    assertThat(Speedup.P99_E2E_SPEEDUP.value(slow, fast)).isCloseTo(2.5, within(0.01));
  }

  @Test
  void percentile_needsItsSampleSize() {
    assertThat(Distribution.requestsFor(50)).isEqualTo(7);
    assertThat(Distribution.requestsFor(90)).isEqualTo(44);
    assertThat(Distribution.requestsFor(99)).isEqualTo(459);
    assertThat(Distribution.requestsFor(1)).isEqualTo(459);
    List<RequestRecord> requests = new ArrayList<>();
    while (requests.size() < 458) {
      requests.add(served(requests.size(), 0, NONE, 100, 1, 200, 1, 300, 1));
    }
    // Over 900 gaps, but of 458 requests.
    assertThat(Summary.of(requests, List.of()).latency(Latency.ITL).count()).isEqualTo(916);
    assertThat(Summary.of(requests, List.of()).latency(Latency.ITL).supports(99)).isFalse();
    requests.add(served(458, 0, NONE, 100, 1, 200, 1));
    assertThat(Summary.of(requests, List.of()).latency(Latency.ITL).supports(99)).isTrue();
    assertThat(Summary.of(requests, List.of()).latency(Latency.ITL).supports(100)).isFalse();
  }

  @Test
  void catalogue_namesEveryMetricOnce() {
    assertThat(Metric.all().stream().map(Metric::key)).doesNotHaveDuplicates();
    assertThat(Metric.all())
        .allSatisfy(
            metric -> {
              assertThat(metric.label()).isNotBlank();
              assertThat(metric.formula()).isNotBlank();
              assertThat(metric.direction()).isNotNull();
            });
  }

  @Test
  void files_giveTheSameSummaryAsTheRecords(@TempDir Path path) throws IOException {
    RunDirectory run = new RunDirectory(path.resolve("run"));
    List<RequestRecord> requests = new ArrayList<>();
    List<StepRecord> steps = new ArrayList<>();
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(500), 0)) {
      for (int i = 0; i < 500; i++) {
        requests.add(Rows.request(i));
        steps.add(Rows.step(i));
        writer.request(requests.getLast());
        writer.step(steps.getLast());
      }
    }
    Summary expected = Summary.of(requests, steps);
    RunReport ended =
        RunReport.finish(
            run, run.readInfo().ended(Status.COMPLETE, "", 0), Validity.Limits.DEFAULT);
    RunReport shown = RunReport.of(run, Validity.Limits.DEFAULT);
    assertThat(shown.validity()).isEqualTo(ended.validity());
    assertThat(shown.info().validity()).isEqualTo(ended.validity().checks());
    assertThat(shown.info().status()).isEqualTo(Status.COMPLETE);
    assertThat(values(ended.summary())).isEqualTo(values(expected));
    assertThat(values(shown.summary())).isEqualTo(values(expected));
    assertThat(run.readHistograms()).isEqualTo(expected.histograms());
  }

  private static List<Double> values(Summary summary) {
    return Arrays.stream(Scalar.values()).map(summary::value).toList();
  }
}
