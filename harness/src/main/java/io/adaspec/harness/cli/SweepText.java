package io.adaspec.harness.cli;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sweep.MaxGoodput;
import io.adaspec.harness.sweep.Sweep;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A sweep's results, a line per cell.
final class SweepText {
  private SweepText() {}

  static String of(List<Sweep.Row> rows) {
    int width = width(rows.stream().map(row -> row.cell().policy()));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-22s %-16s %6s %4s %-" + width + "s %9s %9s %7s %8s %7s %7s %7s %7s%n",
            "deployment",
            "trace",
            "rate",
            "seed",
            "policy",
            "E2EL ms",
            "P99 ms",
            "speedup",
            "TTFT ms",
            "TPOT ms",
            "SLO %",
            "good/s",
            "regret%"));
    for (Sweep.Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-22s %-16s %6.2f %4d %-" + width + "s %9s %9s %7s %8s %7s %7s %7s %7s%n",
              row.cell().deployment(),
              traceName(row.cell().trace()),
              row.cell().rateScale(),
              row.cell().seed(),
              row.cell().policy(),
              number(row, "mean_" + Latency.E2E.key()),
              number(row, "p99_" + Latency.E2E.key()),
              number(row, "mean_e2e_speedup"),
              number(row, "mean_" + Latency.TTFT.key()),
              number(row, "mean_" + Latency.TPOT.key()),
              number(row, Scalar.ATTAINMENT.key()),
              number(row, Scalar.GOODPUT.key()),
              number(row, Regret.MEAN_E2E_REGRET.key())));
    }
    return text.toString();
  }

  static String ofMaxGoodput(List<MaxGoodput.Row> rows) {
    int width = width(rows.stream().map(row -> row.cell().policy()));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-22s %-16s %-" + width + "s %5s %9s %9s %9s %7s%n",
            "deployment",
            "trace",
            "policy",
            "seeds",
            "max rate",
            "least",
            "greatest",
            "good/s"));
    for (MaxGoodput.Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-22s %-16s %-" + width + "s %5d %9.3f %9.3f %9.3f %7.2f%n",
              row.cell().deployment(),
              traceName(row.cell().trace()),
              row.cell().policy(),
              row.seeds(),
              row.mean(),
              row.least(),
              row.greatest(),
              row.goodput()));
    }
    return text.toString();
  }

  private static int width(Stream<String> policies) {
    return Math.max(15, policies.mapToInt(String::length).max().orElse(0));
  }

  static String traceName(String trace) {
    return trace.isEmpty() ? "embedded" : trace.substring(trace.lastIndexOf('/') + 1);
  }

  private static String number(Sweep.Row row, String key) {
    double value = row.values().getOrDefault(key, Double.NaN);
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
