package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import org.junit.jupiter.api.Test;

/// A draft forward takes 10 ns and one more per token.
class CatchUpTest {
  private final LinearCost cost = LinearCost.of(10, 1000, 0);
  private final StepTimes times = new StepTimes(cost);
  private final CatchUp catchUp = new CatchUp();
  private final RequestView prompt = Batches.request(200, 102, 8, 29, Slo.NONE);
  private final BatchView batch = Batches.of(prompt, prompt, prompt);
  private final DraftBatch drafts = Batches.begin(batch);

  CatchUpTest() {
    cost.draftPerToken = 1;
  }

  private boolean ready(int i) {
    return catchUp.ready(batch, drafts, i, CatchUp.nanos(batch.request(i), times));
  }

  @Test
  void onlyWhatExceedsTheUsualLag_isCatchingUp() {
    assertThat(CatchUp.nanos(Batches.request(200, 2, 8, 29, Slo.NONE), times)).isZero();
    assertThat(CatchUp.nanos(prompt, times)).isEqualTo(100);
    assertThat(CatchUp.chargedTokens(prompt)).isEqualTo(2);
    assertThat(CatchUp.chargedContext(prompt)).isEqualTo(199);
  }

  /// 30 tokens, 2 per step: 15 steps win one each.
  @Test
  void theCostIsSpreadOverTheTokensThatTheRequestMayStillWin() {
    assertThat(CatchUp.nanosPerToken(prompt, 90, 1)).isEqualTo(6);
  }

  @Test
  void theBudgetIsSpent_thenAPieceIsTaken_thenNothing() {
    catchUp.begin(150);

    assertThat(ready(0)).isTrue();
    assertThat(ready(1)).isFalse();
    assertThat(ready(2)).isFalse();

    assertThat(drafts.catchUps()).isEqualTo(1);
    assertThat(drafts.catchUpRequest(0)).isEqualTo(1);
    assertThat(drafts.catchUpTokens(0)).isEqualTo(51); // 50 of 100 ns
  }

  @Test
  void aPiece_hasAtLeast32Tokens() {
    catchUp.begin(1);

    assertThat(ready(0)).isFalse();
    assertThat(drafts.catchUpTokens(0)).isEqualTo(32);
  }

  @Test
  void aLagNoLongerThanAPiece_isTakenWhole() {
    BatchView shorter = Batches.of(Batches.request(200, 32, 8, 29, Slo.NONE));
    DraftBatch growing = Batches.begin(shorter);
    catchUp.begin(1);

    assertThat(catchUp.ready(shorter, growing, 0, 30)).isTrue();
    assertThat(growing.catchUps()).isZero();
  }

  @Test
  void withoutABudget_onlyThoseDraftThatLackNothing() {
    catchUp.begin(-5);

    assertThat(ready(0)).isFalse();
    assertThat(drafts.catchUps()).isZero();
    assertThat(catchUp.ready(batch, drafts, 0, 0)).isTrue();
  }
}
