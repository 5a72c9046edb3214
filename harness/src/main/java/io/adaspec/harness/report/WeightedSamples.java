package io.adaspec.harness.report;

import java.util.Arrays;
import java.util.List;

/// Samples of many requests in ascending order, each with the request that it is of.
///
/// A value and its request share a `long`, the value in the upper bits: one sort of primitives, and
/// half the memory. Where the bits do not suffice for whole nanoseconds, values lose their lowest.
final class WeightedSamples {
  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] packed;
  private final int requestBits;
  private final int shift;
  private final double[] sums;
  private final int[] counts;

  private WeightedSamples(long[] packed, int requestBits, int shift, double[] sums, int[] counts) {
    this.packed = packed;
    this.requestBits = requestBits;
    this.shift = shift;
    this.sums = sums;
    this.counts = counts;
  }

  /// @param byRequest samples of each request, in nanoseconds, not negative
  static WeightedSamples of(List<long[]> byRequest) {
    int total = byRequest.stream().mapToInt(samples -> samples.length).sum();
    long largest =
        byRequest.stream().flatMapToLong(Arrays::stream).map(v -> Math.max(0, v)).max().orElse(0);
    int requestBits = bits(byRequest.size());
    int shift = Math.max(0, bits(largest) + requestBits - (Long.SIZE - 1));
    long[] packed = new long[total];
    double[] sums = new double[byRequest.size()];
    int[] counts = new int[byRequest.size()];
    int next = 0;
    for (int request = 0; request < byRequest.size(); request++) {
      for (long nanos : byRequest.get(request)) {
        packed[next++] = (Math.max(0, nanos) >> shift << requestBits) | request;
        sums[request] += nanos;
        counts[request]++;
      }
    }
    Arrays.sort(packed);
    return new WeightedSamples(packed, requestBits, shift, sums, counts);
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }

  int requests() {
    return (int) Arrays.stream(counts).filter(count -> count > 0).count();
  }

  double[] meanMillisByRequest() {
    double[] means = new double[counts.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i] / counts[i] / NANOS_PER_MILLI;
    }
    return means;
  }

  double meanMillis(int[] weights) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * sums[i];
    }
    return sum / count(weights) / NANOS_PER_MILLI;
  }

  private long count(int[] weights) {
    long count = 0;
    for (int i = 0; i < weights.length; i++) {
      count += (long) weights[i] * counts[i];
    }
    return count;
  }

  double percentileMillis(int[] weights, double percentile) {
    long count = count(weights);
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(percentile / 100 * count));
    // From the top, where the walk to a high percentile is short.
    long above = count - rank;
    int mask = (1 << requestBits) - 1;
    int i = packed.length;
    while (above >= 0) {
      above -= weights[(int) packed[--i] & mask];
    }
    return (packed[i] >>> requestBits << shift) / NANOS_PER_MILLI;
  }
}
