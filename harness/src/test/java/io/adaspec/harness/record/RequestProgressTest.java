package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import org.junit.jupiter.api.Test;

class RequestProgressTest {
  private static final RequestStats STATS = new RequestStats(3, 4, 3, 1, 1, 1, 0);

  private static RequestProgress progress() {
    Request request =
        new Request(
            5, new int[] {1, 2}, 9, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 1_000);
    return new RequestProgress(request, "chat", "fast");
  }

  private static TokenEvent event(long nanos, int tokens, Finish finish) {
    return new TokenEvent(5, nanos, new int[tokens], finish);
  }

  @Test
  void events_becomeOneRecord() {
    RequestProgress progress = progress();
    progress.dispatched(1_010);
    assertThat(progress.accept(event(1_100, 1, null))).isFalse();
    assertThat(progress.accept(event(1_300, 2, new Finish(FinishReason.STOP, "", STATS)))).isTrue();
    assertThat(progress.record())
        .isEqualTo(
            new RequestRecord(
                5,
                "chat",
                "fast",
                1_000,
                1_010,
                2,
                9,
                Slo.UNCONSTRAINED,
                new Emissions(new long[] {1_100, 1_300}, new int[] {1, 2}),
                STATS,
                Outcome.STOP,
                ""));
  }

  @Test
  void longReplies_areKeptWhole() {
    RequestProgress progress = progress();
    for (int i = 0; i < 1000; i++) {
      progress.accept(event(2_000 + i, 1 + i % 3, null));
    }
    Emissions emissions = progress.record().emissions();
    assertThat(emissions.size()).isEqualTo(1000);
    assertThat(emissions.nanos()[999]).isEqualTo(2_999);
    assertThat(emissions.total()).isEqualTo(1999);
  }

  @Test
  void requestWithoutEnd_isUnfinished() {
    RequestRecord row = progress().record();
    assertThat(row.outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(row.dispatchedNanos()).isEqualTo(RequestRecord.NEVER);
    assertThat(row.firstTokenNanos()).isEqualTo(RequestRecord.NEVER);
    assertThat(row.lastTokenNanos()).isEqualTo(RequestRecord.NEVER);
    assertThat(row.outputTokens()).isZero();
  }

  @Test
  void cancellationByTheRun_isUnfinished_andKeepsWhatWasUsed() {
    RequestProgress progress = progress();
    progress.abandon();
    progress.accept(event(1_500, 0, new Finish(FinishReason.CANCELLED, "", STATS)));
    assertThat(progress.record().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(progress.record().stats()).isEqualTo(STATS);
  }

  @Test
  void endThatBeatsTheRunsEnd_counts() {
    RequestProgress progress = progress();
    progress.abandon();
    progress.accept(event(1_500, 1, new Finish(FinishReason.LENGTH, "", STATS)));
    assertThat(progress.record().outcome()).isEqualTo(Outcome.LENGTH);
  }

  @Test
  void rejection_keepsItsCause() {
    RequestProgress progress = progress();
    progress.accept(
        event(1_000, 0, new Finish(FinishReason.REJECTED, "too long", RequestStats.NONE)));
    assertThat(progress.record().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(progress.record().reason()).isEqualTo("too long");
    assertThat(progress.record().emissions()).isEqualTo(Emissions.NONE);
  }
}
