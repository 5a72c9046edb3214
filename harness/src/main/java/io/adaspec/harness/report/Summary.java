package io.adaspec.harness.report;

/// Everything that the reports show, computed from a run's records alone.
public final class Summary {
  Summary() {}
}
