package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.engine.spec.StepOutcome;

/// BanditSpec (2505.15141): no model of cost or acceptance, only trials. The arms are the lengths
/// 0..8; the reward is the step's goodput; UCB1 chooses, separately for every power of two of the
/// batch size.
public final class Bandit extends StepLengthPolicy {
  private static final int ARMS = 9;
  private static final int BUCKETS = 32;

  private final long[][] pulls = new long[BUCKETS][ARMS];
  private final double[][] meanReward = new double[BUCKETS][ARMS];
  private final double[] maxReward = new double[BUCKETS];
  private int arm;

  @Override
  int length(BatchView batch) {
    int bucket = bucket(batch);
    long total = 0;
    for (int k = 0; k < ARMS; k++) {
      if (pulls[bucket][k] == 0) {
        return arm = k;
      }
      total += pulls[bucket][k];
    }
    double best = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < ARMS; k++) {
      double exploration = Math.sqrt(2 * StrictMath.log(total) / pulls[bucket][k]);
      double bound = meanReward[bucket][k] / maxReward[bucket] + exploration;
      if (bound > best) {
        best = bound;
        arm = k;
      }
    }
    return arm;
  }

  private static int bucket(BatchView batch) {
    return 31 - Integer.numberOfLeadingZeros(batch.size());
  }

  /// Steps that share their forward with prompts took longer for a reason that is not the arm's.
  @Override
  public void observe(StepOutcome outcome) {
    if (outcome.batch().prefillTokens() > 0) {
      return;
    }
    long emitted = 0;
    for (int i = 0; i < outcome.accepted().size(); i++) {
      emitted += outcome.accepted().get(i).tokens().length;
    }
    int bucket = bucket(outcome.batch());
    double reward = emitted / (double) Math.max(1, outcome.draftNanos() + outcome.verifyNanos());
    maxReward[bucket] = Math.max(maxReward[bucket], reward);
    pulls[bucket][arm]++;
    meanReward[bucket][arm] += (reward - meanReward[bucket][arm]) / pulls[bucket][arm];
  }

  /// `bandit`.
  public static final class Provider implements SpeculationPolicyProvider {
    @Override
    public String name() {
      return "bandit";
    }

    @Override
    public String usage() {
      return "bandit  lengths 0 to 8 as arms of UCB1 on step goodput, per batch size bucket"
          + " (arXiv 2505.15141)";
    }

    @Override
    public PolicySpec parse(String parameters) {
      if (!parameters.isEmpty()) {
        throw new PolicyException("bandit takes no parameters, not '" + parameters + "'");
      }
      return new PolicySpec(
              name(), ARMS - 1, PolicySpec.Source.DRAFT_MODEL, true, cost -> new Bandit())
          .withoutCosts();
    }
  }
}
