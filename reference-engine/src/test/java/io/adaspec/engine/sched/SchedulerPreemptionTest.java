package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Sequence;
import org.junit.jupiter.api.Test;

/// The youngest pay when blocks run out.
class SchedulerPreemptionTest extends HandWrittenSteps {
  @Test
  void twoDecodesShareTheLastBlock_youngestIsPreempted() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 6), request(1, 4, 6));
    Step shared = step();
    Sequence youngest = shared.plan().decodes()[1];
    assertThat(blocks.freeBlocks()).isZero();
    assertThat(youngest.length()).isEqualTo(6);

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(youngest.phase()).isEqualTo(Sequence.Phase.WAITING);
    assertThat(youngest.computed()).isZero();
    assertThat(youngest.draftComputed()).isZero();
    assertThat(youngest.blocks().size()).isZero();
    assertThat(youngest.length()).isEqualTo(6);
    assertThat(youngest.stats().preemptions()).isEqualTo(1);
  }

  @Test
  void aPreemptedRequestIsRecomputedWithWhatItHadEmitted_andGoesOn() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 4), request(1, 4, 6));
    step();
    step();
    assertThat(scheduler.waiting()).isEqualTo(1);
    Step last = step();
    assertThat(last.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);

    Step resumed = step();

    PrefillChunk chunk = resumed.plan().prefills().getFirst();
    assertThat(chunk).isEqualTo(new PrefillChunk(chunk.sequence(), 0, 6));
    assertThat(resumed.emission(1).tokens()).containsExactly(TOKEN);
    assertThat(chunk.sequence().outputTokens()).isEqualTo(3);
    assertThat(chunk.sequence().computed()).isEqualTo(6);
    assertThat(resumed.plan().recomputedTokens()).isEqualTo(5);
    assertThat(decoded(step().plan())).containsExactly(1L);
  }

  @Test
  void ofAPreemptedPrompt_onlyWhatHadBeenComputedIsRecomputed() {
    given(2, 3, 3, 0);
    decoding(0, 3, 8);
    submit(1, 8, 2);
    StepPlan first = step().plan();
    assertThat(first.batch().prefillTokens()).isEqualTo(2);
    assertThat(first.recomputedTokens()).isZero();
    assertThat(step().plan().preempted()).isEqualTo(1);
    scheduler.cancel(0, now);

    StepPlan again = step().plan();

    assertThat(again.batch().prefillTokens()).isEqualTo(3);
    assertThat(again.recomputedTokens()).isEqualTo(2);
    assertThat(step().plan().recomputedTokens()).isZero();
  }

  /// Three requests share four blocks until 0 has taken those of 2 and then those of 1.
  @Test
  void thePreemptedWaitAtTheHead_inTheirOldOrder() {
    given(3, 64, 4, 0);
    submit(0, 4, 12);
    submit(1, 2, 8);
    submit(2, 2, 8);
    submit(3, 1, 1);
    for (int steps = 0; steps < 6; steps++) {
      step();
    }
    assertThat(scheduler.waiting()).isEqualTo(3);
    scheduler.cancel(0, now);

    assertThat(prefilled(step().plan())).containsExactly(1L, 2L);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void aStepThatPreempts_admitsNobody() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 4, 8), request(1, 8, 4));
    submit(2, 1, 1);

    StepPlan plan = scheduler.schedule(now);

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(blocks.freeBlocks()).isEqualTo(1);
  }

  @Test
  void aPromptBetweenItsChunks_isPreemptedLikeAnyOther() {
    given(2, 3, 3, 0);
    decoding(0, 3, 8);
    submit(1, 8, 2);
    assertThat(prefilled(step().plan())).containsExactly(1L);

    StepPlan plan = scheduler.schedule(now);

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(scheduler.waiting()).isEqualTo(1);
  }
}
