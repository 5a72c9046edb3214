package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestProgress;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.target.ServingTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestTrackerTest {
  private static final RequestStats STATS = new RequestStats(3, 4, 4, 1, 2, 1, 0);

  private final List<RequestRecord> records = new ArrayList<>();
  private int slotsFreed;

  private final RequestTracker.Sink sink =
      new RequestTracker.Sink() {
        @Override
        public void request(RequestRecord record) {
          records.add(record);
        }

        @Override
        public void step(StepRecord record) {}

        @Override
        public void ended() {
          slotsFreed++;
        }
      };

  @Test
  void tokenEvents_becomeTheRecordOfTheirRequest() throws InterruptedException {
    RequestTracker tracker = tracker(2);
    dispatch(tracker, 0, 103);
    tracker.onTokens(new TokenEvent(0, 150, new int[] {7}, null));
    tracker.onTokens(new TokenEvent(0, 170, new int[] {8, 9}, finish(FinishReason.LENGTH)));
    assertThat(records).hasSize(1);
    RequestRecord record = records.getFirst();
    assertThat(record.scheduledNanos()).isEqualTo(100);
    assertThat(record.dispatchedNanos()).isEqualTo(103);
    assertThat(record.firstTokenNanos()).isEqualTo(150);
    assertThat(record.lastTokenNanos()).isEqualTo(170);
    assertThat(record.outputTokens()).isEqualTo(3);
    assertThat(record.stats()).isEqualTo(STATS);
    assertThat(record.outcome()).isEqualTo(Outcome.LENGTH);
    assertThat(slotsFreed).isEqualTo(1);
    assertThat(tracker.live().ended()).isEqualTo(1);
    assertThat(tracker.live().good()).isEqualTo(1);
    assertThat(tracker.live().outputTokens()).isEqualTo(3);
    assertThat(tracker.await(0)).as("one request is still to come").isFalse();
  }

  @Test
  void rejectedRequests_countAsEndedButNotAsGood() throws InterruptedException {
    RequestTracker tracker = tracker(1);
    dispatch(tracker, 0, 100);
    tracker.onTokens(
        new TokenEvent(
            0, 100, new int[0], new Finish(FinishReason.REJECTED, "too long", RequestStats.NONE)));
    assertThat(tracker.live().ended()).isEqualTo(1);
    assertThat(tracker.live().good()).isZero();
    assertThat(records.getFirst().reason()).isEqualTo("too long");
    assertThat(tracker.await(0)).isTrue();
  }

  @Test
  void abandonedRequests_keepTheirCountsAndAreUnfinished() {
    RequestTracker tracker = tracker(2);
    dispatch(tracker, 0, 100);
    dispatch(tracker, 1, 200);
    tracker.onTokens(new TokenEvent(0, 150, new int[] {7}, null));
    tracker.abandonAll(cancelling(tracker));
    assertThat(records).extracting(RequestRecord::outcome).containsOnly(Outcome.UNFINISHED);
    assertThat(records.getFirst().stats()).isEqualTo(STATS);
    assertThat(tracker.recordUnfinished(1_000)).as("they are recorded already").isZero();
  }

  @Test
  void whatArrivedBeforeTheEnd_isRecordedEvenIfItWasNeverDispatched() {
    RequestTracker tracker = tracker(4);
    dispatch(tracker, 0, 100);
    assertThat(tracker.recordUnfinished(300)).isEqualTo(3);
    assertThat(records).extracting(RequestRecord::id).containsExactly(0L, 1L, 2L);
    assertThat(records)
        .extracting(RequestRecord::dispatchedNanos)
        .containsExactly(100L, RequestRecord.NEVER, RequestRecord.NEVER);
  }

  @Test
  void aFailureOfTheTarget_endsTheWait() throws InterruptedException {
    RequestTracker tracker = tracker(3);
    tracker.onFailure(new IllegalStateException("broken"));
    assertThat(tracker.await(Long.MAX_VALUE)).isTrue();
    assertThat(tracker.failure()).hasMessage("broken");
  }

  @Test
  void idsMustBeIndices() {
    RequestProgress first = progress(1);
    assertThatThrownBy(() -> new RequestTracker(List.of(first), record -> true, sink))
        .hasMessage("request 0 has id 1");
  }

  private RequestTracker tracker(int requests) {
    return new RequestTracker(
        IntStream.range(0, requests).mapToObj(RequestTrackerTest::progress).toList(),
        record -> record.outcome().completed(),
        sink);
  }

  private static void dispatch(RequestTracker tracker, int id, long nanos) {
    tracker.dispatched(progress(id).request(), nanos);
  }

  private static RequestProgress progress(int id) {
    return new RequestProgress(
        new Request(
            id,
            new int[] {0, 1},
            3,
            new int[0],
            SamplingParams.GREEDY,
            Slo.UNCONSTRAINED,
            100L * (id + 1)),
        "",
        "");
  }

  private static Finish finish(FinishReason reason) {
    return new Finish(reason, "", STATS);
  }

  private static ServingTarget cancelling(RequestTracker tracker) {
    return new ServingTarget() {
      @Override
      public void submit(Request request) {}

      @Override
      public void cancel(long requestId) {
        tracker.onTokens(
            new TokenEvent(requestId, 900, new int[0], finish(FinishReason.CANCELLED)));
      }

      @Override
      public void close() {}
    };
  }
}
