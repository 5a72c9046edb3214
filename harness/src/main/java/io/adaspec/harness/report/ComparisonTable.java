package io.adaspec.harness.report;

import java.util.List;

/// Several policies on one workload, side by side.
public final class ComparisonTable {
  private ComparisonTable() {}

  /// @param reports the first is the baseline of the speedups
  /// @throws IllegalArgumentException where workloads or the provenance of acceptance differ
  public static String of(List<RunReport> reports) {
    throw new UnsupportedOperationException("not implemented yet");
  }
}
