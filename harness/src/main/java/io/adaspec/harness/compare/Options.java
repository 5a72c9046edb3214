package io.adaspec.harness.compare;

import java.util.Set;

/// How to compare.
///
/// @param reference policy that host-bound measures are divided by
/// @param absolute compare host-bound measures as they are: both sides ran on one machine
/// @param steadyState leave out warm-up and cool-down
/// @param resamples of the bootstrap
/// @param seed of the bootstrap
/// @param runDeviation assumed between single runs, relative
public record Options(
    Gates gates,
    Set<Allowance> allowed,
    String reference,
    boolean absolute,
    boolean steadyState,
    int resamples,
    long seed,
    double runDeviation) {
  public Options {
    allowed = Set.copyOf(allowed);
    new ChangeEstimator.Settings(resamples, seed, runDeviation);
  }

  ChangeEstimator.Settings settings() {
    return new ChangeEstimator.Settings(resamples, seed, runDeviation);
  }
}
