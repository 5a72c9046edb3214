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
}
