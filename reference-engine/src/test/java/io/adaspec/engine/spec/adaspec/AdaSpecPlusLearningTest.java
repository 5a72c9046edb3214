package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.StepOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A draft that is unsure: its tokens are not worth their verification if its word is taken.
class AdaSpecPlusLearningTest {
  private static final double CONFIDENCE = 0.1;
  private static final int STEPS = 100;

  private final AdaSpecPlusPolicy policy =
      new AdaSpecPlusPolicy(1, AdaSpecPlusPolicy.Ingredients.ALL, LinearCost.of(10, 1000, 150));
  private final BatchView batch = Batches.ofIds(7);

  /// Whether the step verified a draft token.
  private boolean step(int emitted) {
    DraftBatch drafts = Batches.begin(batch);
    policy.grow(batch, drafts);
    if (drafts.expansions() > 0) {
      Batches.forward(drafts, CONFIDENCE);
      policy.grow(batch, drafts);
      policy.prune(batch, drafts);
    }
    boolean verified = drafts.kept() > 0;
    boolean accepted = verified && emitted == drafts.proposal(0).token(1);
    Acceptance verdict =
        accepted
            ? new Acceptance(new int[] {1}, new int[] {emitted, emitted})
            : new Acceptance(new int[0], new int[] {emitted});
    policy.observe(new StepOutcome(batch, drafts, List.of(verdict), 10, 1000));
    return verified;
  }

  @Test
  void whatTheTargetEmitsInPlaceOfDroppedTokens_teachesToKeepThem() {
    assertThat(step(0)).isFalse();
    int verified = 0;
    for (int i = 0; i < STEPS; i++) {
      verified += step(0) ? 1 : 0;
    }
    assertThat(verified).isGreaterThan(STEPS / 2);
  }

  @Test
  void tokensThatTheTargetDoesNotEmit_stayDropped() {
    for (int i = 0; i < STEPS; i++) {
      assertThat(step(1)).isFalse();
    }
  }
}
