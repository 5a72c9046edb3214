package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// No speculation: `k = 0` always.
public final class Autoregressive implements SpeculationPolicy {
  @Override
  public void grow(BatchView batch, DraftBatch drafts) {}

  /// `autoregressive`.
  public static final class Provider implements SpeculationPolicyProvider {
    @Override
    public String name() {
      return "autoregressive";
    }

    @Override
    public String usage() {
      return "autoregressive  no speculation";
    }

    @Override
    public PolicySpec parse(String parameters) {
      if (!parameters.isEmpty()) {
        throw new PolicyException("autoregressive takes no parameters, not '" + parameters + "'");
      }
      return new PolicySpec(name(), 0, PolicySpec.Source.NONE, true, cost -> new Autoregressive())
          .withoutCosts();
    }
  }
}
