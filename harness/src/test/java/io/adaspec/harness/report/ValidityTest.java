package io.adaspec.harness.report;

import static io.adaspec.harness.report.Requests.request;
import static io.adaspec.harness.report.Requests.served;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Check;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.RunInfo.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidityTest {
  private static final Slo NONE = Slo.UNCONSTRAINED;

  private static RequestRecord one(long id) {
    return served(id, 0, NONE, 100, 1, 200, 1);
  }

  private static List<RequestRecord> ok(int count) {
    List<RequestRecord> requests = new ArrayList<>();
    while (requests.size() < count) {
      requests.add(one(requests.size()));
    }
    return requests;
  }

  private static RunInfo complete(int requests) {
    return Infos.planned("fixed:3", requests, 10L * requests, 2L * requests)
        .ended(Status.COMPLETE, "", 0);
  }

  private static Validity judge(RunInfo info, List<RequestRecord> requests) {
    return Validity.of(info, Summary.of(requests, List.of()), Validity.Limits.DEFAULT);
  }

  private static List<String> failing(Validity validity) {
    return validity.checks().stream().filter(c -> !c.passed()).map(Check::name).toList();
  }

  private static List<RequestRecord> with(List<RequestRecord> requests, RequestRecord last) {
    List<RequestRecord> changed = new ArrayList<>(requests.subList(0, requests.size() - 1));
    changed.add(last);
    return changed;
  }

  @Test
  void cleanRun_isValid() {
    Validity validity = judge(complete(459), ok(459));
    assertThat(failing(validity)).isEmpty();
    assertThat(validity.valid()).isTrue();
  }

  @Test
  void fewSamples_markThePercentile_butDoNotSpoilTheRun() {
    Validity validity = judge(complete(458), ok(458));
    assertThat(failing(validity)).containsExactly("samples for P99");
    assertThat(validity.valid()).isTrue();
  }

  @Test
  void sixRequests_areNoResult() {
    Validity validity = judge(complete(6), ok(6));
    assertThat(failing(validity)).containsExactly("samples for P50", "samples for P99");
    assertThat(validity.valid()).isFalse();
  }

  @Test
  void killedRun_isInvalid() {
    RunInfo running = Infos.planned("fixed:3", 459, 4590, 918);
    assertThat(failing(judge(running, ok(459)))).containsExactly("run complete");
    assertThat(judge(running, ok(459)).valid()).isFalse();
  }

  @Test
  void missingRequest_isNoticed() {
    Validity validity = judge(complete(500), ok(459));
    assertThat(failing(validity)).contains("requests accounted for");
    assertThat(validity.checks())
        .as("totals cannot be judged then")
        .extracting(Check::name)
        .doesNotContain("prompt tokens as planned", "output tokens as planned");
    assertThat(validity.valid()).isFalse();
  }

  @Test
  void everyOtherEnd_isNoticed() {
    assertThat(endedAs(Outcome.FAILED)).contains("no failed requests");
    assertThat(endedAs(Outcome.REJECTED)).contains("no rejected requests");
    assertThat(endedAs(Outcome.CANCELLED)).contains("no cancelled requests");
    assertThat(endedAs(Outcome.UNFINISHED)).contains("no unfinished requests");
  }

  private static List<String> endedAs(Outcome outcome) {
    Validity validity =
        judge(
            complete(460),
            with(ok(460), request(459, 0, NONE, outcome, RequestStats.NONE, 100, 1, 200, 1)));
    assertThat(validity.valid()).isFalse();
    return failing(validity);
  }

  @Test
  void lateDispatch_isNoticed() {
    List<RequestRecord> requests =
        ok(500).stream().map(r -> r.id() < 6 ? dispatched(r, 11) : r).toList();
    assertThat(failing(judge(complete(500), requests))).containsExactly("dispatch on schedule");
    List<RequestRecord> within =
        ok(500).stream().map(r -> r.id() < 5 ? dispatched(r, 11) : r).toList();
    assertThat(failing(judge(complete(500), within))).isEmpty();
  }

  private static RequestRecord dispatched(RequestRecord row, long lateMs) {
    return new RequestRecord(
        row.id(),
        row.category(),
        row.sloClass(),
        row.scheduledNanos(),
        row.scheduledNanos() + lateMs * Requests.MS,
        row.promptTokens(),
        row.requestedOutputTokens(),
        row.slo(),
        row.emissions(),
        row.stats(),
        row.outcome(),
        row.reason());
  }

  @Test
  void shorterPrompts_thanTheTraceHas_areNoticed() {
    RunInfo info = Infos.planned("fixed:3", 459, 32 * 4590, 918).ended(Status.COMPLETE, "", 0);
    assertThat(failing(judge(info, ok(459)))).containsExactly("prompt tokens as planned");
  }

  @Test
  void shorterReplies_thanTheTraceHas_areNoticed() {
    RunInfo info = Infos.planned("fixed:3", 459, 4590, 9180).ended(Status.COMPLETE, "", 0);
    assertThat(failing(judge(info, ok(459)))).containsExactly("output tokens as planned");
  }

  @Test
  void missingTokens_areNoticed_unlessAStopTokenEndedTheReply() {
    assertThat(failing(judge(complete(459), cutShort(Outcome.LENGTH))))
        .containsExactly("output tokens as served");
    assertThat(failing(judge(complete(459), cutShort(Outcome.STOP)))).isEmpty();
  }

  /// Every reply is one token short of the two that were asked for.
  private static List<RequestRecord> cutShort(Outcome outcome) {
    return ok(459).stream()
        .map(
            r ->
                new RequestRecord(
                    r.id(),
                    r.category(),
                    r.sloClass(),
                    r.scheduledNanos(),
                    r.dispatchedNanos(),
                    r.promptTokens(),
                    2,
                    r.slo(),
                    served(r.id(), 0, NONE, 100, 1).emissions(),
                    r.stats(),
                    outcome,
                    ""))
        .toList();
  }

  @Test
  void slowRecording_isNoticed() {
    RunInfo info = complete(459).ended(Status.COMPLETE, "", 4);
    assertThat(failing(judge(info, ok(459)))).containsExactly("recording kept up");
  }

  @Test
  void nonsenseLimits_areRefused() {
    assertThatThrownBy(() -> new Validity.Limits(0, 0.1))
        .hasMessage("dispatch lag must be > 0 ns: 0");
    assertThatThrownBy(() -> new Validity.Limits(1, Double.NaN))
        .hasMessage("token tolerance must be >= 0: NaN");
  }
}
