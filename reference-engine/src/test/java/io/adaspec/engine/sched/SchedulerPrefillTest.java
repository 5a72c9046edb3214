package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Sequence;
import org.junit.jupiter.api.Test;

/// Prompts in chunks of the token budget.
class SchedulerPrefillTest extends HandWrittenSteps {
  @Test
  void aPromptIsPrefilledInChunksOfTheTokenBudget_andEmitsWithTheLast() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    Step first = step();
    Step second = step();
    Step third = step();

    Sequence sequence = first.plan().prefills().getFirst().sequence();
    assertThat(first.plan().prefills()).containsExactly(new PrefillChunk(sequence, 0, 4));
    assertThat(second.plan().prefills()).containsExactly(new PrefillChunk(sequence, 4, 4));
    assertThat(third.plan().prefills()).containsExactly(new PrefillChunk(sequence, 8, 2));
    assertThat(first.update().emissions()).isEmpty();
    assertThat(second.update().emissions()).isEmpty();
    assertThat(third.emission(0).tokens()).containsExactly(TOKEN);
    assertThat(third.emission(0).finish()).isNull();
    assertThat(sequence.computed()).isEqualTo(10);
    assertThat(sequence.draftComputed()).isEqualTo(10);
    assertThat(sequence.length()).isEqualTo(11);
    assertThat(decoded(step().plan())).containsExactly(0L);
  }

  @Test
  void blocksForTheWholePromptAreHeldFromItsFirstChunkOn() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    step();

    assertThat(blocks.usedBlocks()).isEqualTo(3);
  }

  @Test
  void decodesTakeTheirPlaceInTheBudgetBeforePrefills() {
    given(2, 4, 8, 0);
    decoding(0, 3, 8);
    submit(1, 10, 4);

    StepPlan plan = step().plan();

    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).extracting(PrefillChunk::length).containsExactly(3);
    assertThat(plan.batch().prefillTokens()).isEqualTo(3);
  }

  @Test
  void startedPromptsContinueBeforeOthersStart() {
    given(4, 4, 16, 0);
    submit(0, 6, 4);
    submit(1, 6, 4);

    assertThat(prefilled(step().plan())).containsExactly(0L);
    StepPlan second = step().plan();

    assertThat(second.prefills()).extracting(PrefillChunk::start).containsExactly(4, 0);
    assertThat(second.prefills()).extracting(PrefillChunk::length).containsExactly(2, 2);
    assertThat(prefilled(second)).containsExactly(0L, 1L);
  }

  @Test
  void prefillContext_isWhatTheChunkReadsFromTheCache() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    assertThat(step().plan().batch().prefillContext()).isEqualTo(0);
    assertThat(step().plan().batch().prefillContext()).isEqualTo(4);
    assertThat(step().plan().batch().prefillContext()).isEqualTo(8);
  }
}
