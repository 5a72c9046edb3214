package io.adaspec.harness.report;

import io.adaspec.harness.record.RequestRecord;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// Metrics with a distribution, in nanoseconds, reported in milliseconds. All but the dispatch lag
/// are of completed requests, as in vLLM; what the others cost shows in the attainment and in the
/// verdict.
public enum Latency implements Metric {
  TTFT(
      "ttft",
      "TTFT",
      "Time to First Token",
      "first token - scheduled arrival",
      (row, sink) -> {
        if (served(row)) {
          sink.accept(row.firstTokenNanos() - row.scheduledNanos());
        }
      }),
  TPOT(
      "tpot",
      "TPOT",
      "Time per Output Token (excl. 1st token)",
      "(last token - first token) / (tokens - 1), undefined for one token",
      (row, sink) -> {
        if (served(row) && row.outputTokens() > 1) {
          sink.accept(Math.round(tpotNanos(row)));
        }
      }),
  ITL(
      "itl",
      "ITL",
      "Inter-token Latency",
      "gap between an emission and the one before, once per emission however many tokens it"
          + " carries",
      (row, sink) -> {
        if (served(row)) {
          long[] nanos = row.emissions().nanos();
          for (int i = 1; i < nanos.length; i++) {
            sink.accept(nanos[i] - nanos[i - 1]);
          }
        }
      }),
  E2E(
      "e2el",
      "E2EL",
      "End-to-end Latency",
      "last token - scheduled arrival",
      (row, sink) -> {
        if (served(row)) {
          sink.accept(e2eNanos(row));
        }
      }),
  DISPATCH_LAG(
      "dispatch_lag",
      "lag",
      "Dispatch Lag",
      "|dispatch - scheduled arrival|, of every request that was dispatched",
      (row, sink) -> {
        if (row.dispatchedNanos() != RequestRecord.NEVER) {
          sink.accept(Math.abs(row.dispatchedNanos() - row.scheduledNanos()));
        }
      });

  private interface Samples {
    void of(RequestRecord row, LongConsumer sink);
  }

  private final String key;
  private final String label;
  private final String title;
  private final String formula;
  private final Samples samples;

  Latency(String key, String label, String title, String formula, Samples samples) {
    this.key = key;
    this.label = label;
    this.title = title;
    this.formula = formula;
    this.samples = samples;
  }

  /// @throws IllegalArgumentException naming a key that is none, and those there are
  public static Latency ofKey(String key) {
    return Arrays.stream(values())
        .filter(latency -> latency.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown latency metric: "
                        + key
                        + "; there are "
                        + Arrays.stream(values()).map(Latency::key).toList()));
  }

  /// Hands a request's samples to `sink`.
  public void samples(RequestRecord row, LongConsumer sink) {
    samples.of(row, sink);
  }

  /// Completed, with at least one token.
  static boolean served(RequestRecord row) {
    return row.outcome().completed() && row.outputTokens() > 0;
  }

  static double tpotNanos(RequestRecord row) {
    return (double) (row.lastTokenNanos() - row.firstTokenNanos()) / (row.outputTokens() - 1);
  }

  static long e2eNanos(RequestRecord row) {
    return row.lastTokenNanos() - row.scheduledNanos();
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String label() {
    return label;
  }

  public String title() {
    return title;
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  @Override
  public String formula() {
    return formula;
  }
}
