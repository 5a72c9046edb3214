package io.adaspec.harness.compare;

/// How long a stretch of consecutive values has to be for a block bootstrap to keep their
/// dependence: the automatic rule of Politis and White (2004), as corrected by Patton, Politis and
/// White (2009), for the circular bootstrap.
final class BlockLength {
  private BlockLength() {}

  /// At least 1, at most a third of the series; NaN counts as the mean.
  static double of(double[] series) {
    int n = series.length;
    if (n < 8) {
      return 1;
    }
    int run = Math.max(5, (int) Math.ceil(Math.sqrt(Math.log10(n))));
    int furthest = Math.min(n / 4, (int) Math.ceil(2 * Math.sqrt(n)) + run);
    double[] covariance = autocovariance(series, furthest);
    if (covariance[0] <= 0) {
      return 1;
    }
    int bandwidth =
        Math.min(furthest, 2 * lastCorrelatedLag(covariance, n, Math.min(run, furthest)));
    double weighted = 0;
    double density = covariance[0];
    for (int lag = 1; lag <= bandwidth; lag++) {
      double share = (double) lag / bandwidth;
      double window = share <= 0.5 ? 1 : 2 * (1 - share);
      weighted += 2 * window * lag * covariance[lag];
      density += 2 * window * covariance[lag];
    }
    if (density <= 0) {
      return Math.cbrt(n);
    }
    double length = Math.cbrt(1.5 * n * Math.pow(weighted / density, 2));
    return Math.clamp(length, 1, n / 3.0);
  }

  /// The lag after which the next `run` autocorrelations are all negligible; at least 1.
  private static int lastCorrelatedLag(double[] covariance, int n, int run) {
    double negligible = 2 * Math.sqrt(Math.log10(n) / n) * covariance[0];
    int quiet = 0;
    int last = 1;
    for (int lag = 1; lag < covariance.length && quiet < run; lag++) {
      if (Math.abs(covariance[lag]) < negligible) {
        quiet++;
      } else {
        quiet = 0;
        last = lag;
      }
    }
    return last;
  }

  private static double[] autocovariance(double[] series, int furthest) {
    double sum = 0;
    int known = 0;
    for (double value : series) {
      if (!Double.isNaN(value)) {
        sum += value;
        known++;
      }
    }
    double mean = sum / known;
    double[] centred = new double[series.length];
    for (int i = 0; i < series.length; i++) {
      centred[i] = Double.isNaN(series[i]) ? 0 : series[i] - mean;
    }
    double[] covariance = new double[furthest + 1];
    for (int lag = 0; lag <= furthest; lag++) {
      for (int i = lag; i < centred.length; i++) {
        covariance[lag] += centred[i] * centred[i - lag] / centred.length;
      }
    }
    return covariance;
  }
}
