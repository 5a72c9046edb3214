package io.adaspec.harness.compare;

import io.adaspec.harness.report.Distribution;
import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Metric;
import io.adaspec.harness.report.Metric.Direction;
import io.adaspec.harness.report.Resampler;
import io.adaspec.harness.report.Resampler.Resample;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A number that two runs are compared by: a metric, and of a latency one of its statistics.
///
/// @param percentile of a latency, 0 for the mean; 0 for a scalar
public record Measure(Metric metric, double percentile) {
  private static final double MEAN = 0;

  /// Scalars that a faster machine alone improves, beside the rates.
  private static final Set<Scalar> HOST_BOUND =
      EnumSet.of(
          Scalar.ATTAINMENT,
          Scalar.TTFT_ATTAINMENT,
          Scalar.TPOT_ATTAINMENT,
          Scalar.E2E_ATTAINMENT,
          Scalar.STEP_TIME,
          Scalar.DURATION);

  public static Measure mean(Latency latency) {
    return new Measure(latency, MEAN);
  }

  public static Measure percentile(Latency latency, double percentile) {
    return new Measure(latency, percentile);
  }

  public static Measure of(Scalar scalar) {
    return new Measure(scalar, MEAN);
  }

  /// Every latency by mean, P50, P90 and P99, and every scalar.
  static List<Measure> all() {
    Stream<Measure> latencies =
        Arrays.stream(Latency.values())
            .flatMap(
                latency -> Stream.of(MEAN, 50.0, 90.0, 99.0).map(p -> new Measure(latency, p)));
    return Stream.concat(latencies, Arrays.stream(Scalar.values()).map(Measure::of)).toList();
  }

  /// Of `metric` or `metric:stat`, a latency's mean where no statistic is given.
  ///
  /// @throws IllegalArgumentException naming the part that does not fit
  static Measure parse(String text) {
    int colon = text.indexOf(':');
    String key = colon < 0 ? text : text.substring(0, colon);
    Metric metric =
        Stream.<Metric>concat(Arrays.stream(Latency.values()), Arrays.stream(Scalar.values()))
            .filter(candidate -> candidate.key().equals(key))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "unknown metric '" + key + "'; there are " + String.join(", ", keys())));
    if (metric.direction() == Direction.NONE) {
      throw new IllegalArgumentException("metric '" + key + "' has no better or worse");
    }
    if (metric instanceof Latency) {
      return new Measure(metric, colon < 0 ? MEAN : statistic(text.substring(colon + 1)));
    }
    if (colon >= 0) {
      throw new IllegalArgumentException(
          "statistic '%s': %s has one value per run, and no statistics"
              .formatted(text.substring(colon + 1), key));
    }
    return new Measure(metric, MEAN);
  }

  private static List<String> keys() {
    return Stream.<Metric>concat(Arrays.stream(Latency.values()), Arrays.stream(Scalar.values()))
        .filter(metric -> metric.direction() != Direction.NONE)
        .map(Metric::key)
        .toList();
  }

  private static double statistic(String text) {
    if (text.equals("mean")) {
      return MEAN;
    }
    try {
      double percentile = text.startsWith("p") ? Double.parseDouble(text.substring(1)) : -1;
      if (percentile > 0 && percentile < 100) {
        return percentile;
      }
    } catch (NumberFormatException e) {
      // falls through to the message
    }
    throw new IllegalArgumentException(
        "statistic '" + text + "' is neither mean nor a percentile such as p99");
  }

  /// `metric` or `metric:stat`.
  public String key() {
    return metric instanceof Latency ? metric.key() + ":" + statisticName("p") : metric.key();
  }

  /// For people, with its unit.
  public String label() {
    String unit = metric.unit().isEmpty() ? "" : " (" + metric.unit() + ")";
    return metric.label() + (metric instanceof Latency ? " " + statisticName("P") : "") + unit;
  }

  private String statisticName(String prefix) {
    return percentile == MEAN
        ? "mean"
        : prefix + BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
  }

  /// Whether a faster machine alone improves it, so that only its ratio to another policy's on the
  /// same machine means something elsewhere.
  boolean hostBound() {
    return switch (metric) {
      case Latency _ -> true;
      case Scalar scalar -> scalar.unit().endsWith("/s") || HOST_BOUND.contains(scalar);
      default -> false;
    };
  }

  /// Whether it speaks of a tail.
  boolean tail() {
    return percentile >= 90;
  }

  double of(Resample run) {
    return switch (metric) {
      case Latency latency when percentile == MEAN -> run.meanMillis(latency);
      case Latency latency -> run.percentileMillis(latency, percentile);
      case Scalar scalar -> run.value(scalar);
      default -> throw new IllegalStateException("no measure of one run: " + metric.key());
    };
  }

  double of(Summary run) {
    return switch (metric) {
      case Latency latency when percentile == MEAN -> run.latency(latency).meanMillis();
      case Latency latency -> run.latency(latency).percentileMillis(percentile);
      case Scalar scalar -> run.value(scalar);
      default -> throw new IllegalStateException("no measure of one run: " + metric.key());
    };
  }

  /// Requests that it takes, by the rule of [Distribution#supports].
  long requestsNeeded() {
    return percentile == MEAN ? 1 : Distribution.requestsFor(percentile);
  }

  /// Requests of the run that it can use.
  int requests(Resampler run) {
    return metric instanceof Latency latency ? run.requestsWith(latency) : run.requests();
  }
}
