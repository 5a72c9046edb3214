package io.adaspec.harness.report;

import java.util.ArrayList;
import java.util.List;

/// The catalogue of metrics: every one is defined once, in one of four kinds.
public sealed interface Metric permits Latency, Scalar, Speedup, Regret {
  /// The name in options and files.
  String key();

  /// The name in reports.
  String label();

  /// The unit of reported values, empty for counts and ratios.
  String unit();

  Direction direction();

  /// How it is computed from the records.
  String formula();

  enum Direction {
    LOWER_IS_BETTER,
    HIGHER_IS_BETTER,
    /// Describes the run; neither is better.
    NONE
  }

  static List<Metric> all() {
    List<Metric> metrics = new ArrayList<>();
    metrics.addAll(List.of(Latency.values()));
    metrics.addAll(List.of(Scalar.values()));
    metrics.addAll(List.of(Speedup.values()));
    metrics.addAll(List.of(Regret.values()));
    return metrics;
  }
}
