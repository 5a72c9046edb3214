package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.Acceptance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How requests end.
class SchedulerEndsTest extends HandWrittenSteps {
  @Test
  void theLastTokenOfTheOutputEndsTheRequest() {
    given(4, 64, 16, 8);
    decoding(0, 4, 4);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);
    assertCounts(step.emission(0).finish().stats(), 4, 2, 2, 2, 1, 1, 0);
    assertThat(blocks.usedBlocks()).isZero();
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void aStopTokenEndsTheRequest_asTheLastOfAnAcceptedPath() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, STOP})));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.STOP);
    assertThat(step.emission(0).tokens()).containsExactly(20, STOP);
    assertThat(blocks.usedBlocks()).isZero();
  }

  @Test
  void aStopTokenInTheLastPlace_isAStop() {
    given(4, 64, 16, 8);
    decoding(0, 4, 2);

    Step step = step(d -> {}, List.of(emits(STOP)));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theFirstTokensTimeIsKept() {
    given(4, 64, 16, 8);
    decoding(0, 4, 8);
    long first = now;

    step();

    assertThat(step().plan().batch().request(0).firstTokenNanos()).isEqualTo(first);
  }

  @Test
  void aRequestIsCancelledWhileItWaits() {
    given(1, 64, 16, 0);
    decoding(0, 4, 8);
    submit(1, 4, 8);

    Optional<TokenEvent> end = scheduler.cancel(1, now);

    assertThat(end.orElseThrow().finish().reason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(end.orElseThrow().tokens()).isEmpty();
    assertThat(scheduler.waiting()).isZero();
    scheduler.checkIntegrity();
    assertThat(decoded(step().plan())).containsExactly(0L);
  }

  @Test
  void aRequestIsCancelledBetweenTwoChunksOfItsPrompt() {
    given(4, 4, 16, 0);
    submit(0, 10, 8);
    step();

    assertThat(scheduler.cancel(0, now)).isPresent();

    assertThat(blocks.usedBlocks()).isZero();
    assertThat(scheduler.hasWork()).isFalse();
    scheduler.checkIntegrity();
  }

  @Test
  void aRequestIsCancelledWhileItDecodes_withWhatItHasUsed() {
    given(4, 64, 16, 0);
    decoding(0, 4, 8);
    step();

    TokenEvent end = scheduler.cancel(0, now).orElseThrow();

    assertCounts(end.finish().stats(), 2, 0, 0, 0, 1, 0, 0);
    assertThat(blocks.usedBlocks()).isZero();
    scheduler.checkIntegrity();
  }

  @Test
  void aPreemptedRequestIsCancelledWhileItWaitsAgain() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 6), request(1, 4, 6));
    step();
    step();
    assertThat(scheduler.waiting()).isEqualTo(1);

    TokenEvent end = scheduler.cancel(1, now).orElseThrow();

    assertThat(end.finish().stats().preemptions()).isEqualTo(1);
    assertThat(end.finish().stats().outputTokens()).isEqualTo(2);
    scheduler.checkIntegrity();
    assertThat(prefilled(step().plan())).isEmpty();
  }

  @Test
  void cancellingWhatIsNotThere_doesNothing() {
    given(4, 64, 16, 0);
    decoding(0, 4, 2);
    step();

    assertThat(scheduler.cancel(0, now)).isEmpty();
    assertThat(scheduler.cancel(17, now)).isEmpty();
  }

  @Test
  void aFailedStepEndsItsOwnRequests_andNoOthers() {
    given(2, 64, 16, 0);
    decoding(0, 4, 8);
    submit(1, 4, 8);
    submit(2, 4, 8);
    StepPlan plan = scheduler.schedule(now);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(prefilled(plan)).containsExactly(1L);

    List<TokenEvent> ends = scheduler.fail(plan, "out of memory", now);

    assertThat(ends).extracting(TokenEvent::requestId).containsExactly(0L, 1L);
    assertThat(ends)
        .extracting(emission -> emission.finish().reason())
        .containsOnly(FinishReason.FAILED);
    assertThat(ends)
        .extracting(emission -> emission.finish().detail())
        .containsOnly("out of memory");
    scheduler.checkIntegrity();
    assertThat(prefilled(step().plan())).containsExactly(2L);
  }

  @Test
  void aStepThatFailsAfterItsVerdicts_leavesTheFinishedFinished() {
    given(2, 64, 16, 0);
    decoding(0, 4, 2);
    submit(1, 4, 8);
    StepPlan plan = step().plan();

    assertThat(scheduler.fail(plan, "move failed", now))
        .extracting(TokenEvent::requestId)
        .containsExactly(1L);
    assertThat(scheduler.hasWork()).isFalse();
  }
}
