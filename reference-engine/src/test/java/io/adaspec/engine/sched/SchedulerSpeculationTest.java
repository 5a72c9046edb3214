package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.RequestView;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Room for draft tokens, and where accepted ones go.
class SchedulerSpeculationTest extends HandWrittenSteps {
  @Test
  void roomForDraftTokens_isThePolicysMaximumAndTheOutputThatIsLeft() {
    given(4, 64, 16, 3);
    decoding(0, 3, 3);

    RequestView first = step().plan().batch().request(0);
    RequestView second = step().plan().batch().request(0);

    assertThat(first.maxNodes()).isEqualTo(3);
    assertThat(first.maxDepth()).isEqualTo(1);
    assertThat(second.maxNodes()).isZero();
    assertThat(second.maxDepth()).isZero();
  }

  @Test
  void draftTokensGetTheRestOfTheLastBlock_whenNoBlockIsFree() {
    given(4, 64, 4, 8);
    bothDecoding(request(0, 5, 8), request(1, 5, 8));

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isZero();
    assertThat(plan.batch().requests()).extracting(RequestView::maxNodes).containsExactly(2, 2);
  }

  @Test
  void draftTokensGetWhatIsFree_oldestFirst() {
    given(4, 64, 5, 8);
    bothDecoding(request(0, 5, 12), request(1, 5, 12));

    StepPlan plan = step().plan();

    assertThat(plan.batch().requests()).extracting(RequestView::maxNodes).containsExactly(6, 2);
  }

  @Test
  void draftTokensNeverPreempt() {
    given(4, 64, 4, 12);
    bothDecoding(request(0, 4, 12), request(1, 4, 12));

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isZero();
    assertThat(decoded(plan)).containsExactly(0L, 1L);
    assertThat(plan.batch().requests()).extracting(RequestView::maxNodes).containsExactly(3, 3);
  }

  @Test
  void cellsOfRejectedTokensAreRolledBack() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    int before = blocks.usedBlocks();

    Step step = step(d -> chain(d, 8), List.of(emits(TOKEN)));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(before).isEqualTo(1);
    assertThat(sequence.computed()).isEqualTo(5);
    assertThat(blocks.usedBlocks()).isEqualTo(2);
    assertCounts(sequence.stats(), 2, 8, 8, 0, 1, 1, 0);
  }

  @Test
  void anAcceptedChainStaysWhereItIs() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 3), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    Sequence sequence = step.plan().decodes()[0];
    assertThat(step.update().moveFrom()).isEmpty();
    assertThat(step.update().moveTo()).isEmpty();
    assertThat(step.emission(0).tokens()).containsExactly(20, 20, 5);
    assertThat(sequence.length()).isEqualTo(8);
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(blocks.usedBlocks()).isEqualTo(2);
    assertCounts(sequence.stats(), 4, 3, 3, 2, 1, 1, 0);
  }

  /// The root is token 4 in cell 4; the tree's nodes 1, 2, 3 lie in cells 5, 6, 7, their children
  /// 4, 5, 6 in cells 8, 9, 10. The path 3 → 6 has to move to the cells 5 and 6.
  @Test
  void anAcceptedTreePath_movesBehindTheRoot() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              d.expand(0, 0, 3);
              draftForward(d);
              d.expand(0, 1, 1);
              d.expand(0, 2, 1);
              d.expand(0, 3, 1);
              draftForward(d);
            },
            List.of(new Acceptance(new int[] {3, 6}, new int[] {22, 22, 5})));

    Sequence sequence = step.plan().decodes()[0];
    int second = BLOCK_SIZE * sequence.blocks().block(1);
    int third = lastFreedBlock();
    assertThat(step.update().moveFrom()).containsExactly(second + 3, third + 2);
    assertThat(step.update().moveTo()).containsExactly(second + 1, second + 2);
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(sequence.blocks().size()).isEqualTo(2);
  }

  /// The first slot of the block that would be reserved next: the one freed last.
  private int lastFreedBlock() {
    Sequence other = new Sequence(request(99, 1, 1));
    blocks.reserve(other, 1);
    int slot = other.blocks().slot(0, BLOCK_SIZE);
    blocks.release(other);
    return slot;
  }

  @Test
  void onlyTheNodesOffTheirPlaceMove() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              d.expand(0, 0, 2);
              draftForward(d);
              d.expand(0, 1, 1);
              draftForward(d);
            },
            List.of(new Acceptance(new int[] {1, 3}, new int[] {20, 20, 5})));

    int base = BLOCK_SIZE * step.plan().decodes()[0].blocks().block(1);
    assertThat(step.update().moveFrom()).containsExactly(base + 3);
    assertThat(step.update().moveTo()).containsExactly(base + 2);
  }
}
