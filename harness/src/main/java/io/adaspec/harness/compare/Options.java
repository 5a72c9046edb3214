package io.adaspec.harness.compare;

import java.util.List;
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
  /// The default gates, ratios to autoregressive decoding, single runs that differ by 1 %.
  public static final Options DEFAULT =
      new Options(new Gates(List.of()), Set.of(), "autoregressive", false, false, 1000, 1, 0.01);

  public Options {
    allowed = Set.copyOf(allowed);
    new ChangeEstimator.Settings(resamples, seed, runDeviation);
  }

  public Options withRunDeviation(double relative) {
    return new Options(gates, allowed, reference, absolute, steadyState, resamples, seed, relative);
  }

  ChangeEstimator.Settings settings() {
    return new ChangeEstimator.Settings(resamples, seed, runDeviation);
  }
}
