package io.adaspec.harness.cli;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.report.ResultBlock;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// What becomes of the results.
final class ResultOptions {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory of this result; must not hold one yet.")
  Path output;

  @Option(
      names = "--result-dir",
      paramLabel = "DIR",
      description =
          "Where a result directory named after time and policy is made (default:"
              + " ${DEFAULT-VALUE}).")
  Path resultDir = Path.of("results");

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      arity = "1..*",
      description = "Notes to keep with the result.")
  Map<String, String> metadata = Map.of();

  @Option(
      names = "--decisions",
      negatable = true,
      description =
          "Record what the policy saw and decided in every step, so that 'adaspec decisions' can"
              + " ask it again (default: yes in real time, no in a simulation).")
  Boolean decisions;

  @Option(names = "--strict", description = "Exit with 1 if a result is INVALID.")
  boolean strict;

  @Option(
      names = "--progress",
      description = "A progress line every 10 s where the output is no terminal.")
  boolean progress;

  @Option(
      names = {"--save-result", "--save-detailed"},
      hidden = true)
  boolean alwaysSaved;

  /// What the result block shows.
  static final class Block {
    @Option(
        names = "--percentile-metrics",
        paramLabel = "NAME",
        split = ",",
        description =
            "Latencies to show: ttft, tpot, itl, e2el, comma-separated (default: all of them).")
    List<String> metrics = ResultBlock.Options.DEFAULT.latencies();

    @Option(
        names = "--metric-percentiles",
        paramLabel = "P",
        split = ",",
        description = "Percentiles of them, comma-separated (default: 99).")
    List<Double> percentiles = ResultBlock.Options.DEFAULT.percentiles();

    @Option(
        names = "--steady-state",
        description =
            "Report only what lies between warm-up and cool-down (MSER-5 on the requests in"
                + " flight); files keep everything.")
    boolean steadyState;

    /// What is reported of a run.
    RunReport part(RunReport whole, RunDirectory run) throws IOException {
      return steadyState ? whole.steadyState(run, Validity.Limits.DEFAULT) : whole;
    }

    /// @throws IllegalArgumentException naming the metric or percentile that does not fit
    ResultBlock.Options options() {
      for (String metric : metrics) {
        if (!ResultBlock.Options.DEFAULT.latencies().contains(metric)) {
          throw new IllegalArgumentException(
              "--percentile-metrics takes ttft, tpot, itl and e2el: '" + metric + "'");
        }
      }
      for (double percentile : percentiles) {
        if (!(percentile > 0 && percentile <= 100)) {
          throw new IllegalArgumentException(
              "--metric-percentiles must be in (0, 100]: " + percentile);
        }
      }
      return new ResultBlock.Options(metrics, percentiles);
    }
  }
}
