package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the draft has seen.
class SchedulerDraftCacheTest extends HandWrittenSteps {
  @Test
  void withoutSpeculation_theDraftFallsBehindByAStepsTokens() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(1);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(2);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(3);
  }

  @Test
  void inTheTargetsCache_theDraftLacksNothingButTheRoot() {
    given(4, 64, 16, 8);
    scheduler = new Scheduler(new SchedulerConfig(4, 64, 64), blocks, 8, true);
    submit(0, 4, 20);
    StepPlan prefill = scheduler.schedule(now);
    scheduler.update(
        prefill, new VerificationPlan(new DraftBatch()), List.of(), List.of(emits(TOKEN)), now);

    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(1);
    step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(1);
  }

  @Test
  void aDraftForwardCatchesUp_whateverTheVerdict() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    step();
    step();

    Step step = step(d -> chain(d, 1), List.of(emits(TOKEN)));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(step.plan().batch().request(0).draftLag()).isEqualTo(3);
    assertThat(sequence.draftComputed()).isEqualTo(7);
    assertThat(sequence.length()).isEqualTo(8);
  }

  @Test
  void theLastAcceptedTokenOfAFullyAcceptedChain_isNotInTheDraftsCache() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(sequence.draftComputed()).isEqualTo(6);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(2);
  }

  /// Nodes 1 and 2 below the root; 1 → 3 → 4 was expanded to its end but for 4, 2 never.
  @ParameterizedTest
  @CsvSource({"'2', 5", "'1', 6", "'1,3', 7", "'1,3,4', 7"})
  void ofAnAcceptedPath_theDraftHasTheExpandedNodes(String accepted, int draftComputed) {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    int[] path = List.of(accepted.split(",")).stream().mapToInt(Integer::parseInt).toArray();
    int[] tokens = new int[path.length + 1];

    Step step =
        step(
            d -> {
              d.expand(0, 0, 2);
              draftForward(d);
              d.expand(0, 1, 1);
              draftForward(d);
              d.expand(0, 3, 1);
              draftForward(d);
            },
            List.of(new Acceptance(path, tokens)));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(sequence.draftComputed()).isEqualTo(draftComputed);
    assertThat(sequence.computed()).isEqualTo(5 + path.length);
  }

  @Test
  void tokensThatThePolicyProposedItself_areNotInTheDraftsCache() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> d.proposal(0).add(0, 20, 1),
            List.of(new Acceptance(new int[] {1}, new int[] {20, 5})));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(sequence.computed()).isEqualTo(6);
    assertThat(sequence.draftComputed()).isEqualTo(4);
  }
}
