package io.adaspec.harness.report;

import java.util.List;

/// The result of one run as a block of text in vLLM's layout.
public final class ResultBlock {
  private ResultBlock() {}

  /// What to show.
  ///
  /// @param latencies keys of `--percentile-metrics`: ttft, tpot, itl, e2el
  /// @param percentiles of `--metric-percentiles`
  public record Options(List<String> latencies, List<Double> percentiles) {
    public static final Options DEFAULT =
        new Options(List.of("ttft", "tpot", "itl", "e2el"), List.of(99.0));
  }

  public static String of(RunReport report, Options options) {
    throw new UnsupportedOperationException("not implemented yet");
  }
}
