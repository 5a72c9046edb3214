package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// A chain of the same length for every request in every step (Leviathan et al. 2211.17192).
public final class FixedLength extends StepLengthPolicy {
  private final int length;

  /// @param length `k`
  public FixedLength(int length) {
    this.length = length;
  }

  @Override
  int length(BatchView batch) {
    return length;
  }

  /// `fixed:k`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final int LONGEST = 32;

    @Override
    public String name() {
      return "fixed";
    }

    @Override
    public String usage() {
      return "fixed:k  a chain of k draft tokens for every request in every step";
    }

    @Override
    public PolicySpec parse(String parameters) {
      int length = PolicyException.parseInt("fixed", "k", parameters, 1, LONGEST);
      return new PolicySpec(
              "fixed:" + length,
              length,
              PolicySpec.Source.DRAFT_MODEL,
              true,
              cost -> new FixedLength(length))
          .withoutCosts();
    }
  }
}
