package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.CostModel;

/// A cost that a test can compute in its head; notes the last draft forward it was asked about.
final class LinearCost implements CostModel {
  double draftFixed;
  double draftPerToken;
  double draftPerContext;
  double verifyFixed;
  double verifyPerToken;
  double verifyPerContext;
  double draftOverhead;
  double verifyOverhead;
  int draftTokens;
  long draftContext;

  static LinearCost of(double draftFixed, double verifyFixed, double verifyPerToken) {
    LinearCost cost = new LinearCost();
    cost.draftFixed = draftFixed;
    cost.verifyFixed = verifyFixed;
    cost.verifyPerToken = verifyPerToken;
    return cost;
  }

  @Override
  public double draftNanos(int requests, int newTokens, long contextTokens) {
    draftTokens = newTokens;
    draftContext = contextTokens;
    return draftFixed + draftPerToken * newTokens + draftPerContext * contextTokens;
  }

  @Override
  public double verifyNanos(int requests, int newTokens, long contextTokens) {
    return verifyFixed + verifyPerToken * newTokens + verifyPerContext * contextTokens;
  }

  @Override
  public double draftOverheadNanos() {
    return draftOverhead;
  }

  @Override
  public double verifyOverheadNanos() {
    return verifyOverhead;
  }

  @Override
  public void observeDraft(double predictedNanos, long measuredNanos) {}

  @Override
  public void observeVerify(double predictedNanos, long measuredNanos) {}
}
