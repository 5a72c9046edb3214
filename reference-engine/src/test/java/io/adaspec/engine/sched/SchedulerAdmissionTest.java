package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.FinishReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who gets into the batch, and when.
class SchedulerAdmissionTest extends HandWrittenSteps {
  @Test
  void requestsAreAdmittedInOrderOfSubmission_upToTheMaximumBatch() {
    given(2, 64, 16, 0);
    submit(5, 3, 4);
    submit(3, 3, 4);
    submit(4, 3, 4);

    StepPlan plan = step().plan();

    assertThat(prefilled(plan)).containsExactly(5L, 3L);
    assertThat(plan.batch().waiting()).isEqualTo(1);
    assertThat(scheduler.running()).isEqualTo(2);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void aPlaceInTheBatchIsFreeOnceARequestEnds() {
    given(1, 64, 16, 0);
    submit(0, 3, 1);
    submit(1, 3, 1);

    assertThat(prefilled(step().plan())).containsExactly(0L);
    assertThat(prefilled(step().plan())).containsExactly(1L);
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void aRequestThatHasToWaitForBlocks_isNotOvertaken() {
    given(8, 64, 4, 0);
    decoding(0, 8, 4);
    submit(1, 12, 2);
    submit(2, 1, 2);

    StepPlan plan = step().plan();

    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(scheduler.waiting()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 'needs at least 1 prompt and 1 output token: 0, 4'",
    "4, 0, 'needs at least 1 prompt and 1 output token: 4, 0'",
    "60, 5, 'prompt 60 + output 5 tokens exceed the context of 64'",
    "4, 2147483647, 'prompt 4 + output 2147483647 tokens exceed the context of 64'",
    "40, 10, 'needs 13 KV cache blocks, there are 8'",
    "31, 3, 'needs 9 KV cache blocks, there are 8'",
  })
  void whatCanNeverBeServed_isRefusedWithItsValues(int prompt, int output, String reason) {
    given(8, 64, 8, 0);

    assertThat(scheduler.submit(request(0, prompt, output))).contains(reason);
    assertThat(scheduler.hasWork()).isFalse();
  }

  /// The last emitted token is never fed back, so it needs no cell: 33 tokens fit into 32 cells.
  @Test
  void aRequestThatJustFits_isServedToItsEnd() {
    given(8, 64, 8, 0);
    decoding(0, 31, 2);

    Step last = step();

    assertThat(last.plan().batch().request(0).contextTokens()).isEqualTo(31);
    assertThat(last.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anIdInUseIsRefused_andFreeAgainAfterTheEnd() {
    given(8, 64, 8, 0);
    submit(0, 3, 1);

    assertThat(scheduler.submit(request(0, 3, 1))).contains("request id 0 is in use");
    assertThat(scheduler.waiting()).isEqualTo(1);
    step();
    submit(0, 3, 1);
  }
}
