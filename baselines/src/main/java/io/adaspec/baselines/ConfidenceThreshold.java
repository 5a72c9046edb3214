package io.adaspec.baselines;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.SpeculationPolicyProvider;

/// Chains that end when the draft loses confidence: drafting stops once the batch's mean confidence
/// of the newest tokens falls below `τ`, as the assisted generation of Hugging Face transformers
/// does for one request.
public final class ConfidenceThreshold implements SpeculationPolicy {
  private static final int MAX_LENGTH = 8;

  private final double threshold;

  /// @param threshold `τ`, in (0, 1)
  public ConfidenceThreshold(double threshold) {
    this.threshold = threshold;
  }

  @Override
  public void grow(BatchView batch, DraftBatch drafts) {
    int depth = drafts.forwards();
    if (depth < MAX_LENGTH && (depth == 0 || meanConfidence(drafts, depth) >= threshold)) {
      drafts.expandNewest();
    }
  }

  /// Mean confidence of the tokens at `depth`; 0 where there are none.
  private static double meanConfidence(DraftBatch drafts, int depth) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Proposal chain = drafts.proposal(i);
      if (chain.size() == depth) {
        sum += chain.draftProb(depth);
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /// `threshold` or `threshold:τ`.
  public static final class Provider implements SpeculationPolicyProvider {
    private static final double DEFAULT_THRESHOLD = 0.4;

    @Override
    public String name() {
      return "threshold";
    }

    @Override
    public String usage() {
      return "threshold[:τ]  chain of up to 8 until the batch's mean draft confidence falls below τ"
          + " (default 0.4), as in assisted generation";
    }

    @Override
    public PolicySpec parse(String parameters) {
      double threshold = parameters.isEmpty() ? DEFAULT_THRESHOLD : parse01(parameters);
      return new PolicySpec(
              "threshold:" + threshold,
              MAX_LENGTH,
              PolicySpec.Source.DRAFT_MODEL,
              false,
              cost -> new ConfidenceThreshold(threshold))
          .withoutCosts();
    }

    private static double parse01(String text) {
      try {
        double value = Double.parseDouble(text);
        if (value > 0 && value < 1) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Not a number: the same complaint as a number out of range.
      }
      throw new PolicyException(
          "threshold: τ must be a number between 0 and 1, not '" + text + "'");
    }
  }
}
