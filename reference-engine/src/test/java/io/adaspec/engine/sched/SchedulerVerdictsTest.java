package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.DraftBatch;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is counted of the verdicts.
class SchedulerVerdictsTest extends HandWrittenSteps {
  /// A root with two children, of which the first has a chain of two: 1 → 3 → 4 and 2.
  private static void tree(DraftBatch drafts) {
    drafts.expand(0, 0, 2);
    draftForward(drafts);
    drafts.expand(0, 1, 1);
    draftForward(drafts);
    drafts.expand(0, 3, 1);
    draftForward(drafts);
  }

  private RequestStats after(Consumer<DraftBatch> propose, int[] path, int... tokens) {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    Step step = step(propose, List.of(new Acceptance(path, tokens)));
    return step.plan().decodes()[0].stats();
  }

  @Test
  void prunedTokensCountAsDraftedAndNotAsVerified() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              chain(d, 5);
              d.proposal(0).drop(3);
            },
            List.of(new Acceptance(new int[] {1}, new int[] {20, 5})));

    assertCounts(step.plan().decodes()[0].stats(), 3, 5, 2, 1, 1, 1, 0);
  }

  @Test
  void ofAChain_theTokensUpToTheFirstRejectedAreJudged() {
    RequestStats stats = after(d -> chain(d, 4), new int[] {1, 2}, 20, 20, 5);

    assertThat(stats.judgedByDepth()).containsExactly(1, 1, 1);
    assertThat(stats.acceptedByDepth()).containsExactly(1, 1, 0);
  }

  @Test
  void ofATree_theChildrenOfAcceptedNodesAreJudged() {
    RequestStats stats = after(SchedulerVerdictsTest::tree, new int[] {2}, 21, 5);

    assertThat(stats.judgedByDepth()).containsExactly(2);
    assertThat(stats.acceptedByDepth()).containsExactly(1);
    assertThat(after(SchedulerVerdictsTest::tree, new int[] {1}, 20, 5).judgedByDepth())
        .containsExactly(2, 1);
  }

  @Test
  void prunedTokensAreNotJudged() {
    RequestStats stats =
        after(
            d -> {
              tree(d);
              d.proposal(0).drop(3);
            },
            new int[] {1},
            20,
            5);

    assertThat(stats.judgedByDepth()).containsExactly(2);
  }

  @Test
  void whatFollowsAnAcceptedStopToken_isNotJudged() {
    RequestStats stats = after(d -> chain(d, 3), new int[] {1, 2}, 20, STOP);

    assertThat(stats.judgedByDepth()).containsExactly(1, 1);
    assertThat(stats.acceptedByDepth()).containsExactly(1, 1);
  }

  @Test
  void withoutDraftTokens_nothingIsJudged() {
    RequestStats stats = after(d -> {}, new int[0], 5);

    assertThat(stats.told()).isTrue();
    assertThat(stats.judgedByDepth()).isEmpty();
    assertThat(stats.calibration()).isEqualTo(Calibration.NONE);
  }

  /// The third token is rejected, the fourth therefore not judged.
  @Test
  void confidencesAreComparedWithVerdicts() {
    RequestStats stats =
        after(
            d -> {
              d.proposal(0).add(0, 20, 0.95f);
              d.proposal(0).add(1, 20, 0.95f);
              d.proposal(0).add(2, 20, 1f);
              d.proposal(0).add(3, 20, 0.05f);
            },
            new int[] {1, 2},
            20,
            20,
            5);

    Calibration calibration = stats.calibration();
    assertThat(calibration.judged()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 3);
    assertThat(calibration.accepted()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
    assertThat(calibration.confidenceSum()[9]).isCloseTo(2.9, within(1e-6));
    assertThat(calibration.squaredError()).isCloseTo(2 * 0.0025 + 1, within(1e-6));
  }

  @Test
  void aBoundaryBelongsToTheBinAbove() {
    assertThat(Calibration.bin(0)).isZero();
    assertThat(Calibration.bin(0.5)).isEqualTo(5);
    assertThat(Calibration.bin(1)).isEqualTo(9);
  }

  /// The request arrives at 0, its first token comes at 110 and the verdict at 120.
  @ParameterizedTest
  @CsvSource({
    "109, 1000, 1000, 2", // the first token was late
    "110, 1000, 1000, 0",
    "110, 1000, 119, 2", // past the deadline
    "110, 1000, 120, 0",
    "110, 1, 1000, 2", // 9 tokens in 10 ns are out of reach
    "110, 2, 1000, 0",
  })
  void tokensOfARequestThatLostItsObjectives_areLate(long ttft, long tpot, long e2e, int late) {
    given(4, 64, 16, 8);
    Slo slo = new Slo(ttft, tpot, e2e);
    scheduler.submit(new Request(0, new int[4], 10, new int[0], SamplingParams.GREEDY, slo, 0));
    step();

    Step step =
        step(d -> chain(d, 3), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    assertThat(now).isEqualTo(120);
    assertThat(step.update().acceptedLate()).isEqualTo(late);
  }
}
