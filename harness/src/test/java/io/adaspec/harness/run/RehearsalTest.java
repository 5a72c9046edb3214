package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalTest {
  /// Counts what another policy is asked.
  private static final class Counting implements SpeculationPolicy {
    private final SpeculationPolicy counted;
    private int drafted;
    private int steps;

    Counting(SpeculationPolicy counted) {
      this.counted = counted;
    }

    @Override
    public boolean prefillsDraft(BatchView batch) {
      return counted.prefillsDraft(batch);
    }

    @Override
    public void grow(BatchView batch, DraftBatch drafts) {
      counted.grow(batch, drafts);
    }

    @Override
    public void prune(BatchView batch, DraftBatch drafts) {
      counted.prune(batch, drafts);
      drafted += drafts.drafted();
    }

    @Override
    public void observe(StepOutcome outcome) {
      counted.observe(outcome);
      steps++;
    }
  }

  private static Counting rehearse(String name) throws IOException {
    PolicySpec policy = Policies.parse(name);
    List<Counting> instances = new ArrayList<>();
    Rehearsal.of(
        new PolicySpec(
            policy.name(),
            policy.maxNodes(),
            policy.source(),
            policy.prefixOnly(),
            cost -> {
              instances.add(new Counting(policy.factory().create(cost)));
              return instances.getLast();
            }));
    assertThat(instances).hasSize(1);
    return instances.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaspec", "adaspec-plus", "fixed:3", "prompt-lookup"})
  void policiesDraftThousandsOfTimes(String policy) throws IOException {
    Counting rehearsed = rehearse(policy);
    assertThat(rehearsed.steps).isGreaterThan(10_000);
    assertThat(rehearsed.drafted).isGreaterThan(10_000);
  }

  @Test
  void largeTreesTakeFewerSteps() throws IOException {
    Counting rehearsed = rehearse("static-tree:8,8,8");
    assertThat(rehearsed.steps).isBetween(10, 1_000);
    assertThat(rehearsed.drafted).isGreaterThan(5_000);
  }
}
