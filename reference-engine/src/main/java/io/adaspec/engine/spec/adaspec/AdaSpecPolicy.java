package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// AdaSpec (arXiv 2503.05096, SoCC '25) as published: an adaptive drafter, a confidence prior
/// verifier and an SLO-aware efficiency estimator.
///
/// Two properties of the published rules show in measurements. Confidence is taken for acceptance:
/// with a draft whose confidence understates how often it is right, the drafter stops at `k = 0`
/// though speculation would pay, and stays there, as its running mean moves only while it drafts.
/// And a step that is predicted to exceed the tightest TPOT objective never speculates: where even
/// plain steps exceed it, as under overload, nothing does, though speculation would raise goodput.
/// [AdaSpecPlusPolicy] calibrates confidence, probes, and limits steps by slack instead.
public final class AdaSpecPolicy implements SpeculationPolicy {
  private static final int START_WEIGHT = 64;

  private final AdaptiveDrafter drafter;
  private final ConfidencePriorVerifier verifier;

  /// @param maxLength `k_max`, longest chain
  public AdaSpecPolicy(int maxLength, CostModel cost) {
    EfficiencyEstimator estimator = new EfficiencyEstimator(cost);
    drafter = new AdaptiveDrafter(maxLength, START_WEIGHT, estimator);
    verifier = new ConfidencePriorVerifier(estimator);
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    drafter.grow(batch, drafts);
  }

  @Override
  public void prune(BatchView batch, DraftBatch drafts) {
    verifier.prune(batch, drafts, drafter.expectedTokens(), drafter.stepNanos());
  }

  /// `adaspec` or `adaspec:k_max`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final int DEFAULT_MAX_LENGTH = 8;
    private static final int LONGEST = 32;

    @Override
    public String name() {
      return "adaspec";
    }

    @Override
    public String usage() {
      return "adaspec[:k_max]  length per step and request by predicted goodput within the SLO"
          + " (arXiv 2503.05096); k_max defaults to "
          + DEFAULT_MAX_LENGTH;
    }

    @Override
    public boolean sloAware() {
      return true;
    }

    @Override
    public PolicySpec parse(String parameters) {
      int maxLength =
          parameters.isEmpty()
              ? DEFAULT_MAX_LENGTH
              : PolicyException.parseInt("adaspec", "k_max", parameters, 1, LONGEST);
      return new PolicySpec(
          parameters.isEmpty() ? "adaspec" : "adaspec:" + maxLength,
          maxLength,
          PolicySpec.Source.DRAFT_MODEL,
          false,
          cost -> new AdaSpecPolicy(maxLength, cost));
    }
  }
}
