package io.adaspec.harness.cli;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sweep.Sweep;
import java.util.List;
import java.util.Locale;

/// A sweep's results, a line per cell.
final class SweepText {
  private SweepText() {}

  static String of(List<Sweep.Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-22s %-16s %6s %4s %-15s %9s %9s %7s %8s %7s %7s %7s%n",
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
            "good/s"));
    for (Sweep.Row row : rows) {
      String trace = row.cell().trace();
      text.append(
          String.format(
              Locale.ROOT,
              "%-22s %-16s %6.2f %4d %-15s %9s %9s %7s %8s %7s %7s %7s%n",
              row.cell().deployment(),
              trace.isEmpty() ? "embedded" : trace.substring(trace.lastIndexOf('/') + 1),
              row.cell().rateScale(),
              row.cell().seed(),
              row.cell().policy(),
              number(row, "mean_" + Latency.E2E.key()),
              number(row, "p99_" + Latency.E2E.key()),
              number(row, "mean_e2e_speedup"),
              number(row, "mean_" + Latency.TTFT.key()),
              number(row, "mean_" + Latency.TPOT.key()),
              number(row, Scalar.ATTAINMENT.key()),
              number(row, Scalar.GOODPUT.key())));
    }
    return text.toString();
  }

  private static String number(Sweep.Row row, String key) {
    double value = row.values().getOrDefault(key, Double.NaN);
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
