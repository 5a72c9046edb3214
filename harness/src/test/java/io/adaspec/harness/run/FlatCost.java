package io.adaspec.harness.run;

import io.adaspec.engine.spec.CostModel;

/// Every forward takes a millisecond.
public final class FlatCost implements CostModel {
  @Override
  public double draftNanos(int newTokens, long contextTokens) {
    return 1e6;
  }

  @Override
  public double verifyNanos(int newTokens, long contextTokens) {
    return 1e6;
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
