package io.adaspec.workload.synthetic;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Statistics of arrival schedules, in nanoseconds.
final class ArrivalStatistics {
  private ArrivalStatistics() {}

  /// Variance over mean of the number of arrivals per bin: 1 for a Poisson process.
  static double dispersion(long[] arrivals, long binNanos, int bins) {
    long[] counts = new long[bins];
    for (long arrival : arrivals) {
      if (arrival < binNanos * bins) {
        counts[(int) (arrival / binNanos)]++;
      }
    }
    return variance(counts) / LongStream.of(counts).average().orElseThrow();
  }

  static double variance(long[] values) {
    double mean = LongStream.of(values).average().orElseThrow();
    return LongStream.of(values).mapToDouble(v -> (v - mean) * (v - mean)).sum()
        / (values.length - 1);
  }

  /// Gaps in seconds, the first one from 0.
  static double[] gaps(long[] arrivals) {
    return IntStream.range(0, arrivals.length)
        .mapToDouble(i -> (arrivals[i] - (i == 0 ? 0 : arrivals[i - 1])) / 1e9)
        .toArray();
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  static double cv(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1)) / mean;
  }

  static long countBefore(long[] arrivals, long nanos) {
    return Arrays.stream(arrivals).filter(arrival -> arrival < nanos).count();
  }
}
