package io.adaspec.harness.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// Round values at equal ratios: preferred numbers (ISO 3), ten, five, two or one to a decade.
final class Thresholds {
  private static final List<double[]> SERIES =
      List.of(
          new double[] {1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8},
          new double[] {1, 1.6, 2.5, 4, 6.3},
          new double[] {1, 3.15},
          new double[] {1});

  private Thresholds() {}

  /// From at most `least` to at least `greatest`, ascending; the finest series that gives no more
  /// than `most` values.
  ///
  /// @param least > 0
  static double[] between(double least, double greatest, int most) {
    if (!(least > 0 && greatest >= least && Double.isFinite(greatest))) {
      throw new IllegalArgumentException("no thresholds between " + least + " and " + greatest);
    }
    double[] values = {};
    for (double[] series : SERIES) {
      values = values(series, least, greatest);
      if (values.length <= most) {
        break;
      }
    }
    return values;
  }

  private static double[] values(double[] series, double least, double greatest) {
    List<Double> values = new ArrayList<>();
    int decade = (int) Math.floor(Math.log10(least)) - 1;
    for (boolean more = true; more; decade++) {
      for (double mantissa : series) {
        double value = Double.parseDouble(mantissa + "e" + decade);
        if (value <= least) {
          values.clear();
        }
        values.add(value);
        more = value < greatest;
        if (!more) {
          break;
        }
      }
    }
    return values.stream().flatMapToDouble(DoubleStream::of).toArray();
  }
}
