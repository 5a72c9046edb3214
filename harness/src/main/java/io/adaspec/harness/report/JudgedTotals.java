package io.adaspec.harness.report;

import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.RequestStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sums over the judged draft tokens of a run's requests.
final class JudgedTotals {
  private long[] judgedByDepth = new long[0];
  private long[] acceptedByDepth = new long[0];
  private final long[] judgedByBin = new long[Calibration.BINS];
  private final long[] acceptedByBin = new long[Calibration.BINS];
  private final double[] confidenceByBin = new double[Calibration.BINS];
  double squaredError;

  void add(RequestStats stats) {
    int depths = stats.judgedByDepth().length;
    reach(depths);
    for (int d = 0; d < depths; d++) {
      judgedByDepth[d] += stats.judgedByDepth()[d];
      acceptedByDepth[d] += stats.acceptedByDepth()[d];
    }
    Calibration calibration = stats.calibration();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      judgedByBin[bin] += calibration.judged()[bin];
      acceptedByBin[bin] += calibration.accepted()[bin];
      confidenceByBin[bin] += calibration.confidenceSum()[bin];
    }
    squaredError += calibration.squaredError();
  }

  /// Adds the sums of other requests, `times` each.
  void add(JudgedTotals other, long times) {
    int depths = other.judgedByDepth.length;
    if (depths == 0) {
      return; // judged nothing
    }
    reach(depths);
    for (int d = 0; d < depths; d++) {
      judgedByDepth[d] += times * other.judgedByDepth[d];
      acceptedByDepth[d] += times * other.acceptedByDepth[d];
    }
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      judgedByBin[bin] += times * other.judgedByBin[bin];
      acceptedByBin[bin] += times * other.acceptedByBin[bin];
      confidenceByBin[bin] += times * other.confidenceByBin[bin];
    }
    squaredError += times * other.squaredError;
  }

  private void reach(int depths) {
    if (depths > judgedByDepth.length) {
      judgedByDepth = Arrays.copyOf(judgedByDepth, depths);
      acceptedByDepth = Arrays.copyOf(acceptedByDepth, depths);
    }
  }

  long judged() {
    return Arrays.stream(judgedByBin).sum();
  }

  long accepted() {
    return Arrays.stream(acceptedByBin).sum();
  }

  double confidence() {
    return Arrays.stream(confidenceByBin).sum();
  }

  /// `Σ |confidences - accepted|`, the bins' sums compared.
  double deviation() {
    double sum = 0;
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      sum += Math.abs(confidenceByBin[bin] - acceptedByBin[bin]);
    }
    return sum;
  }

  List<Breakdown.ByDepth> byDepth() {
    List<Breakdown.ByDepth> rows = new ArrayList<>();
    for (int d = 0; d < judgedByDepth.length; d++) {
      rows.add(
          new Breakdown.ByDepth(
              d + 1,
              judgedByDepth[d],
              acceptedByDepth[d],
              100.0 * acceptedByDepth[d] / judgedByDepth[d]));
    }
    return rows;
  }

  List<Breakdown.ByConfidence> byConfidence() {
    List<Breakdown.ByConfidence> rows = new ArrayList<>();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      rows.add(
          new Breakdown.ByConfidence(
              (double) bin / Calibration.BINS,
              (bin + 1.0) / Calibration.BINS,
              judgedByBin[bin],
              confidenceByBin[bin] / judgedByBin[bin],
              100.0 * acceptedByBin[bin] / judgedByBin[bin]));
    }
    return rows;
  }
}
