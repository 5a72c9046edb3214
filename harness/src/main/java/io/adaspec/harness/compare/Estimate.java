package io.adaspec.harness.compare;

import java.util.List;

/// An estimated change: the difference of logarithms of candidate and baseline.
///
/// There may be several accounts of how far it may be off: resampled requests tell about the
/// variation within runs, repeated runs about that between them. Each is a lower bound of the
/// truth, so the widest interval and the largest p-value count.
///
/// @param baseline geometric mean over the runs, of ratios where a reference is divided by
/// @param candidate likewise
/// @param spreads at least one
/// @param runs on the side that has fewer
record Estimate(double baseline, double candidate, List<Spread> spreads, int runs) {
  /// Chance to decide with the runs that [#moreRuns] asks for.
  private static final double POWER = 0.8;

  private static final int MOST_RUNS = 999;

  Estimate {
    spreads = List.copyOf(spreads);
    if (spreads.isEmpty()) {
      throw new IllegalArgumentException("an estimate has a spread");
    }
  }

  double log() {
    return Math.log(candidate) - Math.log(baseline);
  }

  /// Relative: 0.05 is 5 % more.
  double change() {
    return Math.expm1(log());
  }

  /// Of the relative change.
  double lower(double confidence) {
    return Math.expm1(log() - halfWidth(confidence));
  }

  /// Of the relative change.
  double upper(double confidence) {
    return Math.expm1(log() + halfWidth(confidence));
  }

  double pValue() {
    return spreads.stream().mapToDouble(spread -> spread.pValue(log())).max().orElseThrow();
  }

  private double halfWidth(double confidence) {
    return spreads.stream().mapToDouble(spread -> spread.halfWidth(confidence)).max().orElseThrow();
  }

  /// About how many more runs per side would show, four times in five, that the change is within
  /// the threshold, or that there is one, whichever is true of the present estimate; at most 999.
  ///
  /// @param threshold relative
  /// @param tail one-sided error rate of a verdict of change
  int moreRuns(double threshold, double tail) {
    double within = Math.log1p(threshold) - Math.abs(log());
    double distance = within > 0 ? within : Math.abs(log());
    double error = within > 0 ? 0.025 : tail;
    double widest = spreads.stream().mapToDouble(Spread::standardError).max().orElseThrow();
    double quantiles = Spread.normalQuantile(error) + Spread.normalQuantile(1 - POWER);
    double needed = runs * Math.pow(quantiles * widest / distance, 2);
    return (int) Math.clamp(Math.ceil(needed) - runs, 1, MOST_RUNS);
  }
}
