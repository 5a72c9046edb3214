package io.adaspec.engine.exec;

import io.adaspec.engine.exec.LatencyTable.Point;
import io.adaspec.engine.spec.CostModel;
import java.util.List;

/// Every forward takes the same time, whatever it runs, and nothing is learnt.
///
/// @param draft nanoseconds of a draft forward
/// @param verify nanoseconds of a target forward
public record FlatCost(double draft, double verify) implements CostModel {
  public static final FlatCost MILLISECOND = new FlatCost(1e6, 1e6);

  @Override
  public double draftNanos(int requests, int newTokens, long contextTokens) {
    return draft;
  }

  @Override
  public double verifyNanos(int requests, int newTokens, long contextTokens) {
    return verify;
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

  /// The same as if it had been measured.
  public LatencyProfile profile() {
    return new LatencyProfile(
        LatencyProfile.VERSION,
        new LatencyProfile.Key("none", "", "", "f32", 1, ""),
        "2026-01-02T03:04:05Z",
        points(verify),
        points(draft),
        0,
        0,
        0,
        List.of());
  }

  private static List<Point> points(double nanos) {
    return List.of(new Point(1, 0, nanos), new Point(2, 0, nanos));
  }
}
