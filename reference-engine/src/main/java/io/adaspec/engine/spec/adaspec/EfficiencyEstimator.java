package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.RequestView;

/// AdaSpec's SLO-aware efficiency estimator (2503.05096, §4.1): predicted step time `T` and step
/// goodput `G = E / T` of a speculation strategy for the batch at hand.
///
/// Prompt chunks that share the target forward count in `T`: they take the same time whatever the
/// strategy, but what they leave of it decides what a draft token costs.
final class EfficiencyEstimator {
  private final CostModel cost;
  private int requests;
  private int verifyTokens;
  private long context;
  private long verifyContext;
  private double draftNanos;
  private long tpotNanos;

  EfficiencyEstimator(CostModel cost) {
    this.cost = cost;
  }

  /// Starts from the strategy that drafts nothing.
  void begin(BatchView batch) {
    requests = batch.size() + batch.prefills();
    verifyTokens = batch.size() + batch.prefillTokens();
    context = 0;
    draftNanos = 0;
    tpotNanos = Long.MAX_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      RequestView request = batch.request(i);
      context += request.contextTokens();
      tpotNanos = Math.min(tpotNanos, request.slo().tpotNanos());
    }
    verifyContext = context + batch.prefillContext();
  }

  /// `Σ c_i`.
  long context() {
    return context;
  }

  /// `T_d` of one more draft forward.
  double draftForward(int requests, int tokens, long context) {
    return cost.draftNanos(requests, tokens, context);
  }

  /// Charges a draft forward that has been run.
  void drafted(double forwardNanos) {
    draftNanos += forwardNanos;
  }

  /// `T` in nanoseconds.
  ///
  /// @param draftTokens to verify, all requests
  /// @param moreDraftNanos forwards yet to run, on top of those charged
  double stepNanos(int draftTokens, double moreDraftNanos) {
    double drafting = draftNanos + moreDraftNanos;
    return (drafting > 0 ? cost.draftOverheadNanos() : 0)
        + drafting
        + cost.verifyOverheadNanos()
        + cost.verifyNanos(requests, verifyTokens + draftTokens, verifyContext);
  }

  /// Whether a step of this length keeps the tightest TPOT objective of the batch.
  boolean eligible(double stepNanos) {
    return stepNanos <= tpotNanos;
  }
}
