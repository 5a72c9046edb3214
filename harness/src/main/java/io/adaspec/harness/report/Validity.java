package io.adaspec.harness.report;

import io.adaspec.harness.record.Check;
import java.util.List;

/// Whether a result can be trusted.
public record Validity(List<Check> checks) {
  public boolean valid() {
    return checks.stream().allMatch(check -> check.passed() || !check.required());
  }

  /// What a valid run must keep.
  ///
  /// @param dispatchLagNanos 99th percentile of dispatch − scheduled arrival
  /// @param tokenTolerance relative difference of token totals
  public record Limits(long dispatchLagNanos, double tokenTolerance) {
    public static final Limits DEFAULT = new Limits(10_000_000, 0.01);
  }
}
