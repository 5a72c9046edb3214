package io.adaspec.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.ArrivalProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteadyStateTest {
  private static final long MS = Requests.MS;
  private static final long GAP = 10;

  /// One request every 10 ms.
  ///
  /// @param stayMillis how long each is served, by number; 0 for one that never gets a token
  private static List<RequestRecord> regular(int count, IntToLongFunction stayMillis) {
    List<RequestRecord> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long stay = stayMillis.applyAsLong(i);
      rows.add(
          stay == 0
              ? Requests.request(i, i * GAP, Slo.UNCONSTRAINED, Outcome.FAILED, RequestStats.NONE)
              : Requests.served(i, i * GAP, Slo.UNCONSTRAINED, (int) (i * GAP + stay), 1));
    }
    return rows;
  }

  private static SteadyState of(List<RequestRecord> rows) {
    Timeline timeline = new Timeline();
    rows.forEach(timeline::add);
    return SteadyState.of(timeline);
  }

  @Test
  void warmUp_isFound_andLeftOut() {
    // The first hundred take 2 s each, as long as code is cold: all are gone after 3 s.
    List<RequestRecord> rows = regular(1000, i -> i < 100 ? 2000 : 200);
    SteadyState found = of(rows);
    assertThat(found.settled()).isTrue();
    assertThat(found.window().fromNanos()).isBetween(2500 * MS, 3500 * MS);
    assertThat(found.window().toNanos()).isBetween(9000 * MS, 10_000 * MS);
    assertThat(found.arrived()).isEqualTo(1000);
    assertThat(found.excluded())
        .isEqualTo(rows.stream().filter(r -> !found.window().covers(r.scheduledNanos())).count());
    Summary whole = Summary.of(rows, List.of());
    assertThat(whole.steadyState()).isEqualTo(found);
    assertThat(whole.latency(Latency.E2E).meanMillis()).isGreaterThan(370);
    List<RequestRecord> steady =
        rows.stream().filter(r -> found.window().covers(r.scheduledNanos())).toList();
    assertThat(Summary.of(steady, List.of()).latency(Latency.E2E).meanMillis()).isEqualTo(200);
  }

  @Test
  void coolDown_isFound_andLeftOut() {
    // The last hundred stay longer and longer, up to 1.2 s, after the last arrival too.
    SteadyState found = of(regular(1000, i -> i < 900 ? 200 : 200 + (i - 900) * 10));
    assertThat(found.settled()).isTrue();
    assertThat(found.window().fromNanos()).isLessThan(1000 * MS);
    assertThat(found.window().toNanos()).isBetween(8000 * MS, 9300 * MS);
  }

  /// The queue of a run begins and ends empty; more than that is not cut from a stationary one.
  @Test
  void stationarySeries_keepAlmostEverything() {
    SteadyState even = of(regular(1000, i -> 200));
    assertThat(even.settled()).isTrue();
    assertThat(even.excluded()).isLessThanOrEqualTo(60);

    double excluded = 0;
    int seeds = 50;
    for (int seed = 0; seed < seeds; seed++) {
      long[] arrivals = new ArrivalProcess.Gamma(100, 1).first(1000, RandomStreams.of(seed));
      List<RequestRecord> rows = new ArrayList<>();
      for (int i = 0; i < arrivals.length; i++) {
        int scheduled = (int) (arrivals[i] / MS);
        rows.add(Requests.served(i, scheduled, Slo.UNCONSTRAINED, scheduled + 200, 1));
      }
      excluded += of(rows).excluded() / 1000.0 / seeds;
    }
    assertThat(excluded).as("mean share left out of Poisson arrivals").isLessThan(0.25);
  }

  @Test
  void aLoadThatGrowsThroughout_hasNoSteadyState() {
    SteadyState found = of(regular(1000, i -> 100 + 20L * i));
    assertThat(found).isEqualTo(new SteadyState(Window.ALL, false, 0, 1000));
  }

  @Test
  void shortAndUnservedRuns_areRefused() {
    assertThat(of(regular(49, i -> 200))).isEqualTo(new SteadyState(Window.ALL, false, 0, 49));
    assertThat(of(regular(50, i -> 200)).settled()).isTrue();
    assertThat(of(regular(1000, i -> 0))).isEqualTo(new SteadyState(Window.ALL, false, 0, 1000));
    assertThat(of(List.of())).isEqualTo(new SteadyState(Window.ALL, false, 0, 0));
  }

  @Test
  void requestsWithoutTokens_doNotStayForEver() {
    SteadyState found = of(regular(1000, i -> i % 10 == 0 ? 0 : i < 100 ? 2000 : 200));
    assertThat(found.arrived()).isEqualTo(1000);
    assertThat(found.window().fromNanos()).isLessThan(4000 * MS);
  }

  @Test
  void truncation_isTheRamp_andNothingOfAConstant() {
    double[] ramp = IntStream.range(0, 100).mapToDouble(i -> Math.min(i, 10)).toArray();
    assertThat(SteadyState.truncation(ramp)).isEqualTo(10);
    double[] constant = new double[100];
    Arrays.fill(constant, 7);
    assertThat(SteadyState.truncation(constant)).isZero();
    double[] jump = IntStream.range(0, 100).mapToDouble(i -> i < 80 ? 1 : 9).toArray();
    assertThat(SteadyState.truncation(jump)).as("steady only in its last fifth").isNegative();
  }

  @Test
  void aReportOfTheSteadyPart_saysSo() {
    Validity validity =
        Validity.of(
            Infos.planned("fixed:3", 1000, 10_000, 1000).ended(RunInfo.Status.COMPLETE, "", 0),
            Summary.of(regular(1000, i -> 200), List.of()),
            Summary.of(regular(5, i -> 200), List.of()),
            Validity.Limits.DEFAULT);
    assertThat(validity.broken()).extracting("name").containsExactly("samples for P50");
  }
}
