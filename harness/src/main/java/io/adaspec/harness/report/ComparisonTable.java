package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.RunInfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// Several policies on one workload, a line each; 100 columns wide where names are short, requests
/// have no classes and the oracle has not run.
public final class ComparisonTable {
  private static final String AUTOREGRESSIVE = "autoregressive";
  private static final int SHORTEST_NAME = 14;
  private static final int LONGEST_NAME = 28;
  private static final int WIDE_COLUMNS = 6;
  private static final int WORST_CLASS = 7;
  private static final int REGRET = 12;

  private final List<RunReport> reports;
  private final RunReport baseline;
  private final int nameWidth;
  private final boolean classes;
  private final Optional<RunReport> oracle;
  private final StringBuilder text = new StringBuilder();

  private ComparisonTable(List<RunReport> reports) {
    this.reports = reports;
    baseline = baseline(reports);
    int longest =
        reports.stream().mapToInt(run -> run.info().policy().length()).max().orElseThrow();
    nameWidth = Math.clamp(longest + 1, SHORTEST_NAME, LONGEST_NAME);
    oracle = reports.stream().filter(run -> run.info().policy().equals(Regret.ORACLE)).findFirst();
    classes = reports.stream().anyMatch(run -> !run.summary().byClass().isEmpty());
  }

  /// The autoregressive run, or the first where there is none.
  ///
  /// @throws IllegalArgumentException where workloads, seeds, devices or the provenance of
  ///   acceptance differ
  public static RunReport baseline(List<RunReport> reports) {
    if (reports.isEmpty()) {
      throw new IllegalArgumentException("nothing to compare");
    }
    same(reports, "workload digest", info -> info.workload().digest());
    same(reports, "seed", RunInfo::seed);
    same(reports, "device", RunInfo::device);
    same(reports, "provenance of acceptance", RunInfo::acceptance);
    return reports.stream()
        .filter(report -> report.info().policy().equals(AUTOREGRESSIVE))
        .findFirst()
        .orElse(reports.getFirst());
  }

  /// Speedups are against the [#baseline].
  ///
  /// @throws IllegalArgumentException where the runs do not compare
  public static String of(List<RunReport> reports) {
    return new ComparisonTable(reports).print();
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

  private String print() {
    line(
        "", "E2EL", "E2EL", "speedup", "speedup", "TTFT", "TPOT", "SLO", "worst", "good", "accept",
        "draft", "over-", "regret");
    line(
        "policy", "mean ms", "P99 ms", "mean", "P99", "mean ms", "mean ms", "%", "SLO %", "req/s",
        "length", "eff. %", "head %", "%");
    reports.forEach(this::row);
    notes();
    return text.toString();
  }

  private void row(RunReport report) {
    Summary run = report.summary();
    Summary base = baseline.summary();
    Distribution e2e = run.latency(Latency.E2E);
    String mark = e2e.supports(99) && base.latency(Latency.E2E).supports(99) ? "" : "*";
    line(
        name(report),
        number(e2e.meanMillis(), ""),
        number(e2e.percentileMillis(99), e2e.supports(99) ? "" : "*"),
        number(Speedup.MEAN_E2E_SPEEDUP.value(base, run), ""),
        number(Speedup.P99_E2E_SPEEDUP.value(base, run), mark),
        number(run.latency(Latency.TTFT).meanMillis(), ""),
        number(run.latency(Latency.TPOT).meanMillis(), ""),
        number(run.value(Scalar.ATTAINMENT), ""),
        number(run.value(Scalar.WORST_CLASS_ATTAINMENT), ""),
        number(run.value(Scalar.GOODPUT), ""),
        number(run.value(Scalar.ACCEPTANCE_LENGTH), ""),
        number(run.value(Scalar.DRAFT_EFFICIENCY), ""),
        number(run.value(Scalar.CONTROLLER_OVERHEAD), ""),
        number(
            oracle
                .map(best -> Regret.MEAN_E2E_REGRET.value(best.summary(), run))
                .orElse(Double.NaN),
            ""));
  }

  /// Cut to the column, with its mark.
  private String name(RunReport report) {
    String policy = report.info().policy();
    String shown = policy.length() < nameWidth ? policy : policy.substring(0, nameWidth - 2) + "~";
    return shown + (report.validity().valid() ? "" : "!");
  }

  /// At most seven characters, six but for a latency or a mark.
  private static String number(double value, String mark) {
    if (Double.isNaN(value)) {
      return "-";
    }
    String format = value < 100 ? "%.2f" : value < 10_000 ? "%.1f" : "%.0f";
    return String.format(ROOT, format, value) + mark;
  }

  /// The column of the worst class is there where requests have classes, regret where the oracle
  /// has run.
  private void line(String name, String... cells) {
    StringBuilder line = new StringBuilder(String.format(ROOT, "%-" + nameWidth + "s", name));
    for (int i = 0; i < cells.length; i++) {
      if ((i != WORST_CLASS || classes) && (i != REGRET || oracle.isPresent())) {
        line.append(String.format(ROOT, i < WIDE_COLUMNS ? "%8s" : "%7s", cells[i]));
      }
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private void notes() {
    text.append("speedup: E2EL of ")
        .append(baseline.info().policy())
        .append(" / E2EL of the policy\n");
    if (oracle.isPresent()) {
      text.append("regret: share of the oracle's speedup that the policy misses\n");
    }
    if (text.indexOf("*") >= 0) {
      text.append("* too few requests for this percentile at 99 % confidence\n");
    }
    if (reports.stream().anyMatch(report -> !report.validity().valid())) {
      text.append("! the run's result is INVALID\n");
    }
  }
}
