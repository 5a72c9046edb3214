package io.adaspec.engine.exec;

import io.adaspec.engine.spec.CostModel;
import java.util.List;

/// Predictions from a [LatencyProfile], scaled by how the steps so far compared with them: an
/// exponentially weighted mean of measured / predicted, one for draft and one for verification. A
/// device that is slower than when it was profiled, or shared, is noticed within tens of steps.
public final class ProfiledCostModel implements CostModel {
  private static final double WEIGHT = 0.05;

  /// A draft that is not run is not measured: its scale drifts towards the target's meanwhile, so
  /// that one bad measurement does not end speculation for good.
  private static final double UNSEEN_WEIGHT = 0.01;

  /// One step's ratio counts as at most this much, or its inverse: a pause is not a slow device.
  private static final double MAX_RATIO = 2;

  private final LatencyTable verify;
  private final LatencyTable draft;
  private final double verifyOverheadNanos;
  private final double draftOverheadNanos;
  private final double firstDraftNanos;
  private final List<Double> acceptanceByRank;
  private double verifyScale = 1;
  private double draftScale = 1;

  public ProfiledCostModel(LatencyProfile profile) {
    verify = new LatencyTable(profile.verify());
    draft = profile.draft().isEmpty() ? null : new LatencyTable(profile.draft());
    verifyOverheadNanos = profile.verifyOverheadNanos();
    draftOverheadNanos = profile.draftOverheadNanos();
    firstDraftNanos = profile.firstDraftNanos();
    acceptanceByRank = profile.acceptanceByRank();
  }

  /// @throws IllegalStateException where the profile has no draft
  @Override
  public double draftNanos(int requests, int newTokens, long contextTokens) {
    if (draft == null) {
      throw new IllegalStateException("the profile was measured without a draft model");
    }
    double mean = draft.nanos(requests, newTokens, contextTokens);
    // Half of the two forwards that were measured are first ones.
    return draftScale * Math.max(mean / 2, mean - firstDraftNanos / 2);
  }

  @Override
  public double verifyNanos(int requests, int newTokens, long contextTokens) {
    return verifyScale * verify.nanos(requests, newTokens, contextTokens);
  }

  @Override
  public void verifyNanos(
      int requests, int offset, long contextTokens, double[] nanos, int from, int to) {
    verify.nanos(requests, offset, contextTokens, nanos, from, to);
    for (int i = from; i < to; i++) {
      nanos[i] *= verifyScale;
    }
  }

  @Override
  public double draftOverheadNanos() {
    return draftOverheadNanos + firstDraftNanos();
  }

  @Override
  public double firstDraftNanos() {
    return draftScale * firstDraftNanos;
  }

  @Override
  public double verifyOverheadNanos() {
    return verifyOverheadNanos;
  }

  @Override
  public List<Double> acceptanceByRank() {
    return acceptanceByRank;
  }

  @Override
  public void observeDraft(double predictedNanos, long measuredNanos) {
    draftScale = learn(draftScale, predictedNanos, measuredNanos);
  }

  @Override
  public void observeVerify(double predictedNanos, long measuredNanos) {
    verifyScale = learn(verifyScale, predictedNanos, measuredNanos);
    draftScale += UNSEEN_WEIGHT * (verifyScale - draftScale);
  }

  /// `predicted` already carries `scale`, so the ratio is relative to it. A prediction of no time
  /// at all, which a profile may make at the origin, teaches nothing.
  private static double learn(double scale, double predicted, double measured) {
    if (predicted <= 0) {
      return scale;
    }
    double ratio = Math.clamp(measured / predicted, 1 / MAX_RATIO, MAX_RATIO);
    return scale * (1 - WEIGHT + WEIGHT * ratio);
  }
}
