package io.adaspec.harness.report;

import io.adaspec.harness.record.RequestRecord;
import org.HdrHistogram.Histogram;

/// Samples of a latency: an exact mean, percentiles to three digits.
public final class Distribution {
  private static final double CONFIDENCE = 0.99;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Histogram histogram = new Histogram(3);
  private double sum;
  private long requests;

  /// Adds the samples of one request.
  void add(Latency latency, RequestRecord row) {
    long before = histogram.getTotalCount();
    latency.samples(row, this::record);
    if (histogram.getTotalCount() > before) {
      requests++;
    }
  }

  /// A negative time, of clocks that disagree, counts as none; the run is INVALID for it.
  private void record(long nanos) {
    long time = Math.max(0, nanos);
    histogram.recordValue(time);
    sum += time;
  }

  public long count() {
    return histogram.getTotalCount();
  }

  /// Requests that gave a sample.
  public long requests() {
    return requests;
  }

  /// NaN without samples.
  public double meanMillis() {
    return sum / count() / NANOS_PER_MILLI;
  }

  /// The smallest value that `percentile` % of the samples do not exceed; NaN without samples.
  public double percentileMillis(double percentile) {
    return count() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  /// Whether there are enough requests to speak of `percentile`: enough for the largest sample to
  /// lie above the true percentile with 99 % confidence, `1 - p^n >= 0.99`. That takes 459 requests
  /// for p99. Gaps within a request depend on each other, so requests count, not samples.
  public boolean supports(double percentile) {
    return requests >= requestsFor(percentile);
  }

  /// Requests that `percentile` takes; by symmetry those of `100 - percentile` for small ones.
  public static long requestsFor(double percentile) {
    double share = Math.max(percentile, 100 - percentile) / 100;
    return share >= 1
        ? Long.MAX_VALUE
        : (long) Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(share));
  }

  Histogram histogram() {
    return histogram;
  }
}
