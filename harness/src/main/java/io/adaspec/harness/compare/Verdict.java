package io.adaspec.harness.compare;

import java.util.Locale;

/// What is said of one metric.
public enum Verdict {
  BETTER,
  WORSE,
  /// Shown to lie within the threshold; of a deterministic run, equal.
  SAME,
  /// Neither a change nor its absence is shown.
  UNDECIDED,
  /// Differs between deterministic runs in a metric that has no better or worse.
  CHANGED;

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
