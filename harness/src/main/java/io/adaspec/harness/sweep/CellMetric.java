package io.adaspec.harness.sweep;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Metric;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A column of a sweep's summary.
///
/// @param key name of the column
/// @param unit empty for counts and ratios
/// @param formula how it is computed
record CellMetric(String key, String unit, String formula, ToDoubleFunction<Summary> value) {
  static final String MEAN_E2E = "mean_" + Latency.E2E.key();
  static final String P99_E2E = "p99_" + Latency.E2E.key();

  /// Mean and P99 of every latency, in milliseconds, and every scalar.
  static List<CellMetric> all() {
    List<CellMetric> all = new ArrayList<>();
    for (Latency latency : Latency.values()) {
      all.add(of(latency, "mean", summary -> summary.latency(latency).meanMillis()));
      all.add(of(latency, "p99", summary -> summary.latency(latency).percentileMillis(99)));
    }
    for (Scalar scalar : Scalar.values()) {
      if (scalar != Scalar.CONTROLLER_OVERHEAD) {
        all.add(
            new CellMetric(
                scalar.key(), scalar.unit(), scalar.formula(), summary -> summary.value(scalar)));
      }
    }
    return all;
  }

  private static CellMetric of(Metric latency, String statistic, ToDoubleFunction<Summary> value) {
    return new CellMetric(
        (statistic + "_" + latency.key()).toLowerCase(Locale.ROOT),
        "ms",
        statistic + " of: " + latency.formula(),
        value);
  }
}
