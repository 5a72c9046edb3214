package io.adaspec.harness.compare;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// How far an estimate may be off, by Student's t.
///
/// @param degreesOfFreedom of the standard error, infinite where it is known
record Spread(double standardError, double degreesOfFreedom) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  Spread {
    if (!(standardError >= 0)) {
      throw new IllegalArgumentException("standard error must be >= 0: " + standardError);
    }
    if (!(degreesOfFreedom > 0)) {
      throw new IllegalArgumentException("degrees of freedom must be > 0: " + degreesOfFreedom);
    }
  }

  /// Half the width of the two-sided interval.
  double halfWidth(double confidence) {
    double tail = (1 - confidence) / 2;
    double quantile =
        Double.isInfinite(degreesOfFreedom)
            ? normalQuantile(tail)
            : TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(tail);
    return quantile * standardError;
  }

  /// Two-sided, of no change.
  double pValue(double estimate) {
    if (estimate == 0) {
      return 1;
    }
    double t = Math.abs(estimate) / standardError;
    return 2
        * (Double.isInfinite(degreesOfFreedom)
            ? NORMAL.survivalProbability(t)
            : TDistribution.of(degreesOfFreedom).survivalProbability(t));
  }

  /// The value that a standard normal variable exceeds with probability `tail`.
  static double normalQuantile(double tail) {
    return NORMAL.inverseSurvivalProbability(tail);
  }
}
