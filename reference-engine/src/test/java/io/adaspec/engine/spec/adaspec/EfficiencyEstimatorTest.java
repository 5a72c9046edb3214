package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EfficiencyEstimatorTest {
  private final LinearCost cost = new LinearCost();
  private final EfficiencyEstimator estimator = new EfficiencyEstimator(cost);

  /// Digits tell the terms apart: verification 1000 + 10·n + C, overheads 100,000 and 10,000.
  @BeforeEach
  void costs() {
    cost.verifyFixed = 1000;
    cost.verifyPerToken = 10;
    cost.verifyPerContext = 1;
    cost.draftOverhead = 100_000;
    cost.verifyOverhead = 10_000;
  }

  @Test
  void withoutDrafts_theRootsAreVerifiedOverTheirContext() {
    estimator.begin(Batches.of(Batches.request(50), Batches.request(300)));

    assertThat(estimator.stepNanos(0, 0)).isEqualTo(10_000 + 1000 + 10 * 2 + 350);
  }

  @Test
  void promptChunksShareTheForward() {
    estimator.begin(Batches.withPrefill(7, 400, Batches.request(50)));

    assertThat(estimator.stepNanos(0, 0)).isEqualTo(10_000 + 1000 + 10 * 8 + 450);
  }

  @Test
  void draftTokensAddTheirForwardsTheirVerificationAndTheDraftOverhead() {
    estimator.begin(Batches.of(Batches.request(50)));
    estimator.drafted(3000);

    assertThat(estimator.stepNanos(2, 0)).isEqualTo(100_000 + 3000 + 10_000 + 1000 + 10 * 3 + 50);
    assertThat(estimator.stepNanos(2, 500)).isEqualTo(100_000 + 3500 + 10_000 + 1000 + 10 * 3 + 50);
  }

  @Test
  void aNewStepForgetsTheLastOnesForwards() {
    estimator.begin(Batches.of(Batches.request(50)));
    estimator.drafted(3000);

    estimator.begin(Batches.of(Batches.request(50)));

    assertThat(estimator.stepNanos(0, 0)).isEqualTo(10_000 + 1000 + 10 + 50);
  }

  @Test
  void theTightestObjectiveOfTheBatchCounts_inclusive() {
    estimator.begin(
        Batches.of(
            Batches.request(0, 1, 8, 8, 500),
            Batches.request(0, 1, 8, 8, 400),
            Batches.request(0, 1, 8, 8, Slo.NONE)));

    assertThat(estimator.eligible(400)).isTrue();
    assertThat(estimator.eligible(400.5)).isFalse();
  }

  @Test
  void withoutObjectives_everyStepIsEligible() {
    estimator.begin(Batches.ofSize(2));

    assertThat(estimator.eligible(1e18)).isTrue();
  }

  @Test
  void draftForward_isTheCostModelsWord() {
    cost.draftFixed = 5;
    cost.draftPerToken = 3;
    cost.draftPerContext = 2;

    assertThat(estimator.draftForward(4, 4, 100)).isEqualTo(5 + 12 + 200);
  }
}
