package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Check;
import io.adaspec.harness.record.Emissions;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Plants the defects that were found in other harnesses into a run's records.
///
/// | defect | check | test |
/// |---|---|---|
/// | 1 every worker draws the same gaps | `gaps`, `dispersion as asked` | [#workersSeededAlike_repeatEveryGap] |
/// | 2 schedule rescaled to exactly n / rate | `arrival rate as asked` | [#scheduleRescaledToItsNominalLength_isNoSample] |
/// | 3 restarts from "now" when late | `arrivals achieved`, `arrivals as planned` | [#scheduleThatRestartsFromNow_dropsLoad] |
/// | 3 skips a request when no slot is free | `arrivals achieved` | [#requestsNeverSent_areMissed] |
/// | 3 lag against the least late request | `dispatch on schedule` | [#uniformDelay_isNotHidden] |
/// | 4 time stamps of a clock that is set back | `times in order` | [#clockThatIsSetBack_isNoticed] |
/// | 4 latency from the actual send | none needed: there is no such metric | [#latenessOfTheHarness_countsAsLatency] |
/// | 4 tokens spread between first and last | `bursts recorded` | [#tokensSpreadEvenly_hideBursts] |
/// | 5 a target of 0 that nothing can miss | `… tokens as planned`, `samples for P50` | [#aPlanOfNothing_isMissedByEverything], [#nothingServed_isNoResult] |
/// | 5 a gate on a metric without a value | `compare` refuses | `CompareRefusalsTest` |
/// | 6 time stamps cut to whole seconds | `arrivals below a second` | [#wholeSeconds_areToldButValid] |
/// | 7 sleeps relative to "now", drift adds up | `arrivals achieved` | [#scheduleThatRestartsFromNow_dropsLoad] |
/// | 7 request i sent at time i − 1 | `arrivals as planned`, `dispatch on schedule` | [#requestSentAtTheTimeOfTheOneBefore_isAnotherSchedule] |
/// | 7 idle time before the first request | `starts with a request` | [#idleLead_isTold] |
/// | 8 prompts shorter than the trace's | `prompt tokens as planned` | [ValidityTest#shorterPrompts_thanTheTraceHas_areNoticed] |
class StimulusTest {
  private static final double RATE = 20;
  private static final int REQUESTS = 600;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;

  private static long[] poisson(double rate, int count, long seed) {
    return new ArrivalProcess.Gamma(rate, 1).first(count, RandomStreams.of(seed));
  }

  /// Names of the checks that fail.
  private static List<String> failing(Map<String, Object> workload, long[] scheduled, long[] sent) {
    List<RequestRecord> rows = new ArrayList<>();
    for (int i = 0; i < scheduled.length; i++) {
      rows.add(row(i, scheduled[i], sent[i]));
    }
    RunInfo info =
        RunInfo.started(
                "2026-01-02T03:04:05Z",
                "engine",
                "adaspec",
                0,
                RunInfo.Provenance.REAL,
                Slo.UNCONSTRAINED,
                new RunInfo.Workload(
                    "poisson", "abc123", rows.size(), 10L * rows.size(), rows.size()),
                Map.of("workload", workload),
                Map.of(),
                "",
                "cpu",
                new RunInfo.Host("a cpu", 2, "Linux"))
            .ended(RunInfo.Status.COMPLETE, "", 0);
    return Validity.of(info, Summary.of(rows, List.of()), Validity.Limits.DEFAULT).checks().stream()
        .filter(check -> !check.passed())
        .map(Check::name)
        .toList();
  }

  private static RequestRecord row(int id, long scheduled, long sent) {
    return new RequestRecord(
        id,
        "",
        "",
        scheduled,
        sent,
        10,
        1,
        Slo.UNCONSTRAINED,
        new Emissions(new long[] {Math.max(scheduled, sent) + 50 * MS}, new int[] {1}),
        RequestStats.NONE,
        Outcome.LENGTH,
        "");
  }

  private static Map<String, Object> drawn(long[] planned) {
    Map<String, Object> workload = new HashMap<>(planned(planned));
    workload.put("request_rate", RATE);
    workload.put("burstiness", 1.0);
    return workload;
  }

  private static Map<String, Object> planned(long[] planned) {
    return Map.of(Stimulus.ARRIVALS_DIGEST, Stimulus.digest(planned));
  }

  @Test
  void faithfulRuns_pass() {
    for (int seed = 0; seed < 200; seed++) {
      long[] arrivals = poisson(RATE, REQUESTS, seed);
      assertThat(failing(drawn(arrivals), arrivals, arrivals)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void workersSeededAlike_repeatEveryGap() {
    long[] one = poisson(RATE / 10, REQUESTS / 10, 1);
    long[] arrivals =
        Arrays.stream(one).flatMap(t -> LongStream.generate(() -> t).limit(10)).toArray();
    assertThat(failing(drawn(arrivals), arrivals, arrivals))
        .contains(DrawnArrivals.GAPS, DrawnArrivals.DISPERSION);
  }

  @Test
  void scheduleRescaledToItsNominalLength_isNoSample() {
    long[] drawn = poisson(RATE, REQUESTS, 2);
    double factor = REQUESTS / RATE * SECOND / drawn[REQUESTS - 1];
    long[] arrivals = Arrays.stream(drawn).map(t -> Math.round(t * factor)).toArray();
    assertThat(failing(drawn(arrivals), arrivals, arrivals))
        .containsExactly("arrival rate as asked");
  }

  @Test
  void scheduleThatRestartsFromNow_dropsLoad() {
    long[] arrivals = poisson(RATE, REQUESTS, 3);
    // Each request that is late pushes all that follow it.
    long[] sent = new long[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      sent[i] = arrivals[i] + i * MS;
    }
    assertThat(failing(drawn(arrivals), arrivals, sent))
        .contains("dispatch on schedule", Stimulus.ACHIEVED);
    // Hiding it by recording the pushed times as the schedule does not help.
    assertThat(failing(drawn(arrivals), sent, sent)).contains("arrivals as planned");
  }

  @Test
  void uniformDelay_isNotHidden() {
    long[] arrivals = poisson(RATE, REQUESTS, 4);
    long[] sent = Arrays.stream(arrivals).map(t -> t + 200 * MS).toArray();
    assertThat(failing(drawn(arrivals), arrivals, sent)).contains("dispatch on schedule");
  }

  @Test
  void requestsNeverSent_areMissed() {
    long[] arrivals = poisson(RATE, REQUESTS, 5);
    long[] sent = arrivals.clone();
    Arrays.fill(sent, 500, 600, RequestRecord.NEVER);
    assertThat(failing(drawn(arrivals), arrivals, sent)).contains(Stimulus.ACHIEVED);
  }

  @Test
  void requestSentAtTheTimeOfTheOneBefore_isAnotherSchedule() {
    long[] arrivals = poisson(RATE, REQUESTS, 6);
    long[] shifted = new long[REQUESTS];
    System.arraycopy(arrivals, 0, shifted, 1, REQUESTS - 1);
    assertThat(failing(planned(arrivals), shifted, shifted)).contains("arrivals as planned");
    assertThat(failing(planned(arrivals), arrivals, shifted)).contains("dispatch on schedule");
  }

  @Test
  void wholeSeconds_areToldButValid() {
    long[] arrivals =
        Arrays.stream(poisson(RATE, REQUESTS, 7)).map(t -> t / SECOND * SECOND).toArray();
    assertThat(failing(planned(arrivals), arrivals, arrivals))
        .containsExactly("arrivals below a second");
  }

  @Test
  void idleLead_isTold() {
    long[] arrivals = Arrays.stream(poisson(RATE, REQUESTS, 8)).map(t -> t + 73 * SECOND).toArray();
    assertThat(failing(planned(arrivals), arrivals, arrivals))
        .containsExactly("starts with a request");
  }

  @Test
  void burstsSmoothedOnTheWay_areAnotherLoad() {
    long[] arrivals = new long[REQUESTS];
    long[] sent = new long[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      arrivals[i] = i / 60 * (3 * SECOND);
      sent[i] = i * SECOND / 20;
    }
    assertThat(failing(planned(arrivals), arrivals, sent)).contains(Stimulus.DISPERSION);
  }

  /// Of a plan of 10 prompt tokens and one output token a request.
  private static List<String> failing(List<RequestRecord> rows, long prompt, long output) {
    RunInfo info =
        Infos.planned("fixed:3", rows.size(), prompt, output).ended(RunInfo.Status.COMPLETE, "", 0);
    return Validity.of(info, Summary.of(rows, List.of()), Validity.Limits.DEFAULT).broken().stream()
        .map(Check::name)
        .toList();
  }

  @Test
  void clockThatIsSetBack_isNoticed() {
    List<RequestRecord> rows = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      // Each is answered 50 ms after it was sent; the clock is set back by 80 ms at the 300th.
      long now = 2L * i * MS;
      rows.add(timed(i, now, i == 300 ? now - 30 * MS : now + 50 * MS));
    }
    assertThat(failing(rows, 10L * REQUESTS, REQUESTS)).containsExactly("times in order");
    rows.set(300, timed(300, 600 * MS, 650 * MS));
    assertThat(failing(rows, 10L * REQUESTS, REQUESTS)).isEmpty();
  }

  private static RequestRecord timed(int id, long sent, long token) {
    return new RequestRecord(
        id,
        "",
        "",
        sent,
        sent,
        10,
        1,
        Slo.UNCONSTRAINED,
        new Emissions(new long[] {token}, new int[] {1}),
        RequestStats.NONE,
        Outcome.LENGTH,
        "");
  }

  @Test
  void latenessOfTheHarness_countsAsLatency() {
    Summary prompt = Summary.of(List.of(row(0, 100 * MS, 100 * MS)), List.of());
    Summary late = Summary.of(List.of(row(0, 100 * MS, 400 * MS)), List.of());
    assertThat(prompt.latency(Latency.TTFT).meanMillis()).isEqualTo(50);
    assertThat(late.latency(Latency.TTFT).meanMillis()).isEqualTo(350);
    assertThat(late.latency(Latency.E2E).meanMillis()).isEqualTo(350);
  }

  /// Nine tokens in three speculative steps after the first.
  private static RequestRecord speculative(int id, int... tokens) {
    long[] nanos = new long[tokens.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (id + 10L * (i + 1)) * MS;
    }
    return new RequestRecord(
        id,
        "",
        "",
        id * MS,
        id * MS,
        10,
        10,
        Slo.UNCONSTRAINED,
        new Emissions(nanos, tokens),
        new RequestStats(10, 6, 6, 6, 3, 3, 0),
        Outcome.LENGTH,
        "");
  }

  @Test
  void tokensSpreadEvenly_hideBursts() {
    List<RequestRecord> bursts = new ArrayList<>();
    List<RequestRecord> spread = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      bursts.add(speculative(i, 1, 3, 3, 3));
      spread.add(speculative(i, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    }
    assertThat(failing(bursts, 10L * REQUESTS, 10L * REQUESTS)).isEmpty();
    assertThat(failing(spread, 10L * REQUESTS, 10L * REQUESTS)).containsExactly("bursts recorded");
  }

  @Test
  void aPlanOfNothing_isMissedByEverything() {
    List<RequestRecord> rows = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      rows.add(row(i, 2L * i * MS, 2L * i * MS));
    }
    assertThat(failing(rows, 0, REQUESTS)).containsExactly("prompt tokens as planned");
    assertThat(failing(rows, 10L * REQUESTS, 0)).containsExactly("output tokens as planned");
  }

  @Test
  void nothingServed_isNoResult() {
    assertThat(failing(List.of(), 0, 0)).contains("dispatch on schedule", "samples for P50");
  }
}
