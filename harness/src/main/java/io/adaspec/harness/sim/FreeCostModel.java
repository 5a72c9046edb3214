package io.adaspec.harness.sim;

import io.adaspec.engine.spec.CostModel;

/// Predicts nothing, for engines whose policies do not ask.
final class FreeCostModel implements CostModel {
  @Override
  public double draftNanos(int newTokens, long contextTokens) {
    return 0;
  }

  @Override
  public double verifyNanos(int newTokens, long contextTokens) {
    return 0;
  }

  @Override
  public double draftOverheadNanos() {
    return 0;
  }

  @Override
  public double verifyOverheadNanos() {
    return 0;
  }

  @Override
  public void observeDraft(double predictedNanos, long measuredNanos) {}

  @Override
  public void observeVerify(double predictedNanos, long measuredNanos) {}
}
