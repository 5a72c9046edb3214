package io.adaspec.engine.spec;

/// Of a deployment that was not measured: every time is NaN. For policies that do not ask, see
/// [PolicySpec#asksCosts]; their steps are recorded without predictions.
public final class UnknownCosts implements CostModel {
  @Override
  public double draftNanos(int requests, int newTokens, long contextTokens) {
    return Double.NaN;
  }

  @Override
  public double verifyNanos(int requests, int newTokens, long contextTokens) {
    return Double.NaN;
  }

  @Override
  public double draftOverheadNanos() {
    return Double.NaN;
  }

  @Override
  public double verifyOverheadNanos() {
    return Double.NaN;
  }

  @Override
  public void observeDraft(double predictedNanos, long measuredNanos) {}

  @Override
  public void observeVerify(double predictedNanos, long measuredNanos) {}
}
