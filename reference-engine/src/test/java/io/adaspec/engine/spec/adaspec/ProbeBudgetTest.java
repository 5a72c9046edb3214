package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbeBudgetTest {
  private final ProbeBudget budget = new ProbeBudget();

  /// 0.5 % of 200 plain steps is one step.
  @Test
  void aProbe_isPaidForByTheShareOfThePlainStepsBeforeIt() {
    for (int step = 0; step < 199; step++) {
      budget.plainStep(1000);
    }
    assertThat(budget.affords(999)).isFalse();
    budget.plainStep(1200);
    assertThat(budget.affords(1000)).isTrue();

    budget.spend(1000);

    assertThat(budget.affords(100)).isFalse();
  }

  @Test
  void speculationThatPays_endsSaving() {
    budget.plainStep(1_000_000);

    budget.reset();

    assertThat(budget.affords(1)).isFalse();
  }
}
