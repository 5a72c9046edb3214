package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.RunInfo;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// Several policies on one workload, a line each, at most 100 columns wide.
public final class ComparisonTable {
  private static final String AUTOREGRESSIVE = "autoregressive";
  private static final int NAME_WIDTH = 20;

  private ComparisonTable() {}

  /// Speedups are against the autoregressive run, or the first where there is none.
  ///
  /// @throws IllegalArgumentException where workloads, seeds, devices or the provenance of
  ///   acceptance differ
  public static String of(List<RunReport> reports) {
    if (reports.isEmpty()) {
      throw new IllegalArgumentException("nothing to compare");
    }
    same(reports, "workload digest", info -> info.workload().digest());
    same(reports, "seed", RunInfo::seed);
    same(reports, "device", RunInfo::device);
    same(reports, "provenance of acceptance", RunInfo::acceptance);
    RunReport baseline =
        reports.stream()
            .filter(report -> report.info().policy().equals(AUTOREGRESSIVE))
            .findFirst()
            .orElse(reports.getFirst());
    StringBuilder text = new StringBuilder();
    line(
        text, "", "E2EL", "E2EL", "speedup", "speedup", "TTFT", "TPOT", "SLO", "output", "accept",
        "accept");
    line(
        text, "policy", "mean ms", "P99 ms", "mean", "P99", "mean ms", "mean ms", "%", "tok/s", "%",
        "length");
    for (RunReport report : reports) {
      row(text, report, baseline.summary());
    }
    notes(text, reports, baseline.info().policy());
    return text.toString();
  }

  private static <T> void same(
      List<RunReport> reports, String what, Function<RunInfo, T> property) {
    RunInfo first = reports.getFirst().info();
    for (RunReport report : reports) {
      T value = property.apply(report.info());
      if (!Objects.equals(value, property.apply(first))) {
        throw new IllegalArgumentException(
            String.format(
                ROOT,
                "runs do not compare: %s has %s %s, %s has %s",
                first.policy(),
                what,
                property.apply(first),
                report.info().policy(),
                value));
      }
    }
  }

  private static void row(StringBuilder text, RunReport report, Summary baseline) {
    Summary run = report.summary();
    Distribution e2e = run.latency(Latency.E2E);
    String mark = e2e.supports(99) && baseline.latency(Latency.E2E).supports(99) ? "" : "*";
    String name = report.info().policy() + (report.validity().valid() ? "" : "!");
    line(
        text,
        name.length() < NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 2) + "~",
        number(e2e.meanMillis(), ""),
        number(e2e.percentileMillis(99), e2e.supports(99) ? "" : "*"),
        number(Speedup.MEAN_E2E_SPEEDUP.value(baseline, run), ""),
        number(Speedup.P99_E2E_SPEEDUP.value(baseline, run), mark),
        number(run.latency(Latency.TTFT).meanMillis(), ""),
        number(run.latency(Latency.TPOT).meanMillis(), ""),
        number(run.value(Scalar.ATTAINMENT), ""),
        number(run.value(Scalar.OUTPUT_THROUGHPUT), ""),
        number(run.value(Scalar.ACCEPTANCE_RATE), ""),
        number(run.value(Scalar.ACCEPTANCE_LENGTH), ""));
  }

  /// At most seven characters.
  private static String number(double value, String mark) {
    if (Double.isNaN(value)) {
      return "-";
    }
    String format = value < 100 ? "%.2f" : value < 10_000 ? "%.1f" : "%.0f";
    return String.format(ROOT, format, value) + mark;
  }

  private static void line(StringBuilder text, String name, String... cells) {
    StringBuilder line = new StringBuilder(String.format(ROOT, "%-" + NAME_WIDTH + "s", name));
    for (String cell : cells) {
      line.append(String.format(ROOT, "%8s", cell));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static void notes(StringBuilder text, List<RunReport> reports, String baseline) {
    text.append("speedup: E2EL of ").append(baseline).append(" / E2EL of the policy\n");
    if (text.indexOf("*") >= 0) {
      text.append("* too few requests for this percentile at 99 % confidence\n");
    }
    if (reports.stream().anyMatch(report -> !report.validity().valid())) {
      text.append("! the run's result is INVALID\n");
    }
  }
}
