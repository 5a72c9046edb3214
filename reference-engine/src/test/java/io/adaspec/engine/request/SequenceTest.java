package io.adaspec.engine.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static Sequence sequence(int maxNewTokens, int... prompt) {
    return new Sequence(
        new Request(
            0, prompt, maxNewTokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
  }

  @Test
  void emittedTokensFollowThePrompt() {
    int[] prompt = {1, 2};
    Sequence sequence = sequence(500, prompt);

    for (int token = 3; token < 300; token += 3) {
      sequence.append(new int[] {token, token + 1, token + 2}, 0);
    }

    assertThat(sequence.length()).isEqualTo(299);
    assertThat(sequence.outputTokens()).isEqualTo(297);
    assertThat(IntStream.range(0, 299).map(sequence::at))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 299).boxed().toList());
    assertThat(prompt).containsExactly(1, 2);
  }

  @Test
  void firstTokenTime_isKept_onAClockThatStartsBelowZeroToo() {
    Sequence sequence = sequence(4, 1);
    assertThat(sequence.firstTokenNanos()).isEqualTo(-1);

    sequence.append(new int[] {2}, -500);
    sequence.append(new int[] {3}, -400);

    assertThat(sequence.firstTokenNanos()).isEqualTo(-500);
  }

  @Test
  void preemption_keepsTokensAndForgetsCaches() {
    Sequence sequence = sequence(4, 1, 2, 3);
    sequence.computed(3);
    sequence.draftComputed(2);
    sequence.append(new int[] {4}, 10);
    sequence.countStep(4, 3, 2);

    sequence.preempt();

    assertThat(sequence.phase()).isEqualTo(Sequence.Phase.WAITING);
    assertThat(sequence.computed()).isZero();
    assertThat(sequence.draftComputed()).isZero();
    assertThat(sequence.length()).isEqualTo(4);
    assertThat(sequence.firstTokenNanos()).isEqualTo(10);
    assertThat(sequence.stats()).isEqualTo(new RequestStats(1, 4, 3, 2, 1, 1, 1));
  }

  @Test
  void aStepThatVerifiedNothing_isNoSpeculativeStep() {
    Sequence sequence = sequence(4, 1);

    sequence.countStep(3, 0, 0);
    sequence.countStep(0, 0, 0);

    assertThat(sequence.stats()).isEqualTo(new RequestStats(0, 3, 0, 0, 2, 0, 0));
  }
}
