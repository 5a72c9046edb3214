package io.adaspec.baselines;

import io.adaspec.engine.spec.CostModel;
import java.util.List;

/// A deployment on which speculation pays as long as confidence is not too low.
record ToyCost(List<Double> acceptanceByRank) implements CostModel {
  @Override
  public double draftNanos(int requests, int newTokens, long contextTokens) {
    return 100_000 + 1_000.0 * newTokens;
  }

  @Override
  public double verifyNanos(int requests, int newTokens, long contextTokens) {
    return 1_000_000 + 20_000.0 * newTokens;
  }

  @Override
  public double draftOverheadNanos() {
    return 10_000;
  }

  @Override
  public double verifyOverheadNanos() {
    return 10_000;
  }

  @Override
  public void observeDraft(double predictedNanos, long measuredNanos) {}

  @Override
  public void observeVerify(double predictedNanos, long measuredNanos) {}
}
