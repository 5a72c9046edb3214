package io.adaspec.harness.extension;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// The example of `docs/extending.md`: chains of `k` in every other step, none between.
public final class EveryOther implements SpeculationPolicy {
  private final int length;

  EveryOther(int length) {
    this.length = length;
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    if (batch.step() % 2 == 1 || depth == length) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      if (drafts.proposal(i).size() == depth) {
        drafts.expand(i, depth, 1);
      }
    }
  }

  /// `every-other:k`.
  public static final class Provider implements SpeculationPolicyProvider {
    @Override
    public String name() {
      return "every-other";
    }

    @Override
    public String usage() {
      return "every-other:k  chains of k draft tokens in every other step";
    }

    @Override
    public PolicySpec parse(String parameters) {
      int length = PolicyException.parseInt(name(), "k", parameters, 1, 32);
      return new PolicySpec(
          name() + ":" + length,
          length,
          PolicySpec.Source.DRAFT_MODEL,
          true,
          cost -> new EveryOther(length));
    }
  }
}
