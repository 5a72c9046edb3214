package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.engine.spec.StepOutcome;

/// SmartSpec / TurboSpec (2406.14066): the length with the best predicted goodput, from one
/// acceptance rate `α` for all tokens: `k* = argmax_k B·(1 − α^(k+1)) / (1 − α) / T(k)`.
public final class SmartSpec extends StepLengthPolicy {
  private static final int MAX_LENGTH = 8;
  private static final double START_ACCEPTANCE = 0.7;

  /// Weight of one step in the moving mean.
  private static final double WEIGHT = 0.05;

  /// Speculation must beat plain decoding by this factor: a guard against noise in the prediction.
  private static final double PLAIN_BONUS = 1.1;

  private final CostModel cost;
  private double acceptance = START_ACCEPTANCE;

  public SmartSpec(CostModel cost) {
    this.cost = cost;
  }

  @Override
  int length(BatchView batch) {
    int requests = batch.size();
    long context = 0;
    for (int i = 0; i < requests; i++) {
      context += batch.request(i).contextTokens();
    }
    double drafting = cost.draftOverheadNanos();
    double expected = 1;
    double survival = 1;
    long read = context + batch.prefillContext();
    double best = PLAIN_BONUS * expected / stepNanos(batch, 0, read, 0);
    int length = 0;
    for (int k = 1; k <= MAX_LENGTH; k++) {
      drafting += cost.draftNanos(requests, requests, context + (long) (k - 1) * requests);
      survival *= acceptance;
      expected += survival;
      double goodput = expected / stepNanos(batch, k, read, drafting);
      if (goodput > best) {
        best = goodput;
        length = k;
      }
    }
    return length;
  }

  /// `T(k)`; per request, as `B` cancels.
  private double stepNanos(BatchView batch, int k, long read, double drafting) {
    int tokens = batch.size() * (k + 1) + batch.prefillTokens();
    return drafting
        + cost.verifyOverheadNanos()
        + cost.verifyNanos(batch.size() + batch.prefills(), tokens, read);
  }

  /// A step that verified nothing says nothing about acceptance.
  @Override
  public void observe(StepOutcome outcome) {
    int verified = outcome.drafts().kept();
    if (verified > 0) {
      int accepted = 0;
      for (int i = 0; i < outcome.accepted().size(); i++) {
        accepted += outcome.accepted().get(i).accepted();
      }
      acceptance += WEIGHT * ((double) accepted / verified - acceptance);
    }
  }

  /// `smartspec`.
  public static final class Provider implements SpeculationPolicyProvider {
    @Override
    public String name() {
      return "smartspec";
    }

    @Override
    public String usage() {
      return "smartspec  the length up to 8 with the best predicted goodput, from the moving"
          + " acceptance rate (arXiv 2406.14066)";
    }

    @Override
    public PolicySpec parse(String parameters) {
      if (!parameters.isEmpty()) {
        throw new PolicyException("smartspec takes no parameters, not '" + parameters + "'");
      }
      return new PolicySpec(
          name(), MAX_LENGTH, PolicySpec.Source.DRAFT_MODEL, true, SmartSpec::new);
    }
  }
}
