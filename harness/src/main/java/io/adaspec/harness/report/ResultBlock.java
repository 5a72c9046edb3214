package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.Check;
import java.util.ArrayList;
import java.util.List;

/// The result of one run as a block of text in vLLM's layout: 50 columns, values from column 42.
public final class ResultBlock {
  static final int WIDTH = 50;
  private static final String UNSUPPORTED = "*";

  private final RunReport report;
  private final Options options;
  private final StringBuilder text = new StringBuilder();
  private boolean marked;

  private ResultBlock(RunReport report, Options options) {
    this.report = report;
    this.options = options;
  }

  /// What to show.
  ///
  /// @param latencies keys of `--percentile-metrics`: ttft, tpot, itl, e2el
  /// @param percentiles of `--metric-percentiles`
  public record Options(List<String> latencies, List<Double> percentiles) {
    public static final Options DEFAULT =
        new Options(List.of("ttft", "tpot", "itl", "e2el"), List.of(99.0));

    public Options {
      latencies.forEach(Latency::ofKey);
      for (double percentile : percentiles) {
        if (!(percentile >= 0 && percentile <= 100)) {
          throw new IllegalArgumentException("percentile must be in 0..100: " + percentile);
        }
      }
      latencies = List.copyOf(latencies);
      percentiles = List.copyOf(percentiles);
    }
  }

  public static String of(RunReport report, Options options) {
    return new ResultBlock(report, options).print();
  }

  private String print() {
    section('=', "Serving Benchmark Result", " ");
    counts(Scalar.COMPLETED);
    for (Scalar other :
        List.of(Scalar.FAILED, Scalar.REJECTED, Scalar.CANCELLED, Scalar.UNFINISHED)) {
      if (report.summary().value(other) > 0) {
        counts(other);
      }
    }
    report.summary().excerpt().ifPresent(this::excerpt);
    values(Scalar.DURATION);
    counts(Scalar.INPUT_TOKENS, Scalar.OUTPUT_TOKENS);
    values(Scalar.REQUEST_THROUGHPUT);
    boolean objectives = report.summary().requests().withObjective > 0;
    if (objectives) {
      values(Scalar.GOODPUT);
    }
    values(Scalar.OUTPUT_THROUGHPUT, Scalar.TOTAL_THROUGHPUT);
    for (String key : options.latencies()) {
      latency(Latency.ofKey(key));
    }
    if (objectives) {
      section('-', "Service Level Objectives", "");
      values(
          Scalar.ATTAINMENT,
          Scalar.TTFT_ATTAINMENT,
          Scalar.TPOT_ATTAINMENT,
          Scalar.E2E_ATTAINMENT,
          Scalar.TOKEN_GOODPUT,
          Scalar.WORST_CLASS_ATTAINMENT,
          Scalar.WORST_CLASS_GOODPUT);
    }
    if (!report.summary().byClass().isEmpty()) {
      table("SLO Classes", BlockTables.classes(report.summary()));
    }
    speculation();
    WasteLedger ledger = report.summary().ledger();
    if (ledger.drafted() > 0 || ledger.recomputed().tokens > 0) {
      table("Waste Ledger", BlockTables.ledger(report.summary()));
    }
    engine();
    latency(Latency.DISPATCH_LAG);
    section('=', "", "");
    if (marked) {
      text.append(UNSUPPORTED).append(" too few requests for this percentile at 99 % confidence\n");
    }
    verdict();
    return text.toString();
  }

  private void excerpt(SteadyState part) {
    String window =
        part.settled()
            ? String.format(
                ROOT,
                "%.2f to %.2f",
                part.window().fromNanos() / 1e9,
                part.window().toNanos() / 1e9)
            : "none found";
    line("Steady state, scheduled arrivals (s):", window);
    line("Requests left out:", part.excluded() + " of " + part.arrived());
  }

  private void speculation() {
    if (report.summary().requests().told == 0) {
      return;
    }
    section('-', "Speculative Decoding", "");
    line("Policy:", report.info().policy());
    line("Acceptance source:", report.info().acceptance().name().toLowerCase(ROOT));
    values(
        Scalar.ACCEPTANCE_RATE,
        Scalar.ACCEPTANCE_LENGTH,
        Scalar.DRAFT_EFFICIENCY,
        Scalar.SPECULATION_LENGTH,
        Scalar.SPECULATIVE_SHARE);
    counts(Scalar.DRAFTED, Scalar.VERIFIED, Scalar.ACCEPTED);
    Summary summary = report.summary();
    if (!summary.byDepth().isEmpty()) {
      table("Acceptance by Position", BlockTables.depths(summary));
      if (summary.byCategory().size() > 1) {
        table("Acceptance by Category", BlockTables.categories(summary));
      }
      table("Draft Confidence", BlockTables.reliability(summary));
      values(
          Scalar.MEAN_CONFIDENCE,
          Scalar.JUDGED_ACCEPTANCE,
          Scalar.CALIBRATION_ERROR,
          Scalar.BRIER_SCORE);
    }
  }

  private void table(String title, List<String> lines) {
    section('-', title, "");
    lines.forEach(line -> text.append(line).append('\n'));
  }

  private void engine() {
    if (report.summary().steps().steps == 0) {
      return;
    }
    section('-', "Engine", "");
    counts(Scalar.STEPS);
    values(
        Scalar.STEP_TIME,
        Scalar.MEAN_BATCH,
        Scalar.CONTROLLER_OVERHEAD,
        Scalar.KV_USAGE,
        Scalar.PEAK_KV_USAGE);
    counts(Scalar.PREEMPTIONS);
    values(
        Scalar.DRAFT_PREDICTION, Scalar.DRAFT_ERROR, Scalar.VERIFY_PREDICTION, Scalar.VERIFY_ERROR);
  }

  private void latency(Latency latency) {
    section('-', latency.title(), "");
    Distribution samples = report.summary().latency(latency);
    if (samples.count() == 0) {
      line("Samples:", "0");
      return;
    }
    String name = " " + latency.label() + " (ms):";
    line("Mean" + name, decimal(samples.meanMillis()));
    line("Median" + name, decimal(samples.percentileMillis(50)) + mark(samples, 50));
    for (double percentile : options.percentiles()) {
      String label = percentile == Math.rint(percentile) ? "P%.0f" : "P%s";
      line(
          String.format(ROOT, label, percentile) + name,
          decimal(samples.percentileMillis(percentile)) + mark(samples, percentile));
    }
  }

  private String mark(Distribution samples, double percentile) {
    boolean supported = samples.supports(percentile);
    marked |= !supported;
    return supported ? "" : UNSUPPORTED;
  }

  private void verdict() {
    text.append("Result is: ").append(report.validity().valid() ? "VALID" : "INVALID").append('\n');
    List<String> advice = new ArrayList<>();
    for (Check check : report.validity().checks()) {
      String verdict = check.passed() ? "yes" : check.required() ? "NO" : "no";
      text.append(
          String.format(ROOT, "  %-26s: %-3s (%s)\n", check.name(), verdict, check.detail()));
      if (!check.passed()) {
        advice.add("  * " + check.name() + ": " + check.advice() + "\n");
      }
    }
    if (!advice.isEmpty()) {
      text.append("Recommendations:\n");
      advice.forEach(text::append);
    }
  }

  private void counts(Scalar... metrics) {
    for (Scalar metric : metrics) {
      double value = report.summary().value(metric);
      if (!Double.isNaN(value)) {
        line(metric.label() + ":", String.valueOf((long) value));
      }
    }
  }

  /// Leaves out what is undefined.
  private void values(Scalar... metrics) {
    for (Scalar metric : metrics) {
      double value = report.summary().value(metric);
      if (!Double.isNaN(value)) {
        String unit = metric.unit().isEmpty() ? "" : " (" + metric.unit() + ")";
        line(metric.label() + unit + ":", decimal(value));
      }
    }
  }

  private static String decimal(double value) {
    return String.format(ROOT, "%.2f", value);
  }

  private void line(String label, String value) {
    text.append(String.format(ROOT, "%-40s %s\n", label, value));
  }

  /// A rule with a centred title; an odd remainder goes to the right, as in Python's `format`.
  private void section(char rule, String title, String margin) {
    String middle = margin + title + margin;
    int left = (WIDTH - middle.length()) / 2;
    text.repeat(rule, left).append(middle).repeat(rule, WIDTH - left - middle.length());
    text.append('\n');
  }
}
