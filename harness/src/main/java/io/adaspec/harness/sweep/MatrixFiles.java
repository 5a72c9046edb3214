package io.adaspec.harness.sweep;

import static java.util.Locale.ROOT;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sweep.MatrixResult.Setting;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// A matrix as files to read: `summary.csv`, a row per run, and `tables.md`, made of it.
public final class MatrixFiles {
  private static final MathContext DIGITS = new MathContext(5);
  private static final double NANOS_PER_MILLI = 1e6;

  /// Columns of metrics.
  private static final List<String> METRICS =
      List.of(
          "mean_e2e_speedup",
          "p99_e2e_speedup",
          Regret.MEAN_E2E_REGRET.key(),
          Regret.GOODPUT_REGRET.key(),
          CellMetric.MEAN_E2E,
          CellMetric.P99_E2E,
          "mean_" + Latency.TTFT.key(),
          "p99_" + Latency.TTFT.key(),
          "mean_" + Latency.TPOT.key(),
          "p99_" + Latency.TPOT.key(),
          Scalar.ATTAINMENT.key(),
          Scalar.TTFT_ATTAINMENT.key(),
          Scalar.TPOT_ATTAINMENT.key(),
          Scalar.GOODPUT.key(),
          Scalar.REQUEST_THROUGHPUT.key(),
          Scalar.OUTPUT_THROUGHPUT.key(),
          Scalar.ACCEPTANCE_RATE.key(),
          Scalar.SPECULATION_LENGTH.key(),
          Scalar.PREEMPTIONS.key(),
          Scalar.ARRIVED.key(),
          Scalar.COMPLETED.key());

  private MatrixFiles() {}

  /// @param rows of the matrix's cells that have a result
  /// @param version of the program, to be named
  public static void write(Matrix matrix, List<Sweep.Row> rows, String version, Path output)
      throws IOException {
    Files.writeString(output.resolve("summary.csv"), csv(matrix, rows));
    Files.writeString(
        output.resolve("tables.md"), markdown(matrix, new MatrixResult(matrix, rows), version));
  }

  static String csv(Matrix matrix, List<Sweep.Row> rows) {
    Map<Cell, Map<String, Double>> values =
        rows.stream().collect(Collectors.toMap(Sweep.Row::cell, Sweep.Row::values));
    StringBuilder csv = new StringBuilder();
    csv.append("service,deployment,load,requests_per_second,ttft_slo_ms,tpot_slo_ms,seed,policy,");
    csv.append(String.join(",", METRICS)).append('\n');
    for (Matrix.Point point : matrix.points()) {
      Cell cell = point.cell();
      if (values.containsKey(cell)) {
        csv.append("%s,%s,".formatted(point.service(), cell.deployment()));
        csv.append("%s,%s,".formatted(point.load(), number(point.requestsPerSecond())));
        csv.append(number(cell.slo().ttftNanos() / NANOS_PER_MILLI)).append(',');
        csv.append(number(cell.slo().tpotNanos() / NANOS_PER_MILLI)).append(',');
        csv.append("%d,\"%s\"".formatted(cell.seed(), cell.policy()));
        METRICS.forEach(metric -> csv.append(',').append(number(values.get(cell).get(metric))));
        csv.append('\n');
      }
    }
    return csv.toString();
  }

  /// Empty where undefined.
  private static String number(double value) {
    return Double.isNaN(value)
        ? ""
        : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  static String markdown(Matrix matrix, MatrixResult result, String version) {
    StringBuilder text = new StringBuilder("# The matrix in tables\n\n");
    text.append(
        "Made by `adaspec sweep` from the runs of `summary.csv`, version %s. Acceptance is"
                .formatted(version)
            + " synthetic. Means over seeds where there are several.\n");
    overview(text, result);
    againstRivals(text, result);
    regret(text, result);
    metric(text, result, "Speedup of mean E2E latency over autoregressive", "mean_e2e_speedup", 2);
    metric(text, result, "SLO attainment, %", Scalar.ATTAINMENT.key(), 1);
    metric(text, result, "Mean E2E latency, ms", CellMetric.MEAN_E2E, 0);
    metric(text, result, "P99 E2E latency, ms", CellMetric.P99_E2E, 0);
    metric(text, result, "Goodput, requests/s", Scalar.GOODPUT.key(), 2);
    metric(text, result, "Regret of mean E2E latency, %", Regret.MEAN_E2E_REGRET.key(), 0);
    objectives(text, matrix);
    return text.toString();
  }

  private static void overview(StringBuilder text, MatrixResult result) {
    List<Setting> settings = result.settings();
    text.append("\n## Policies over all %d settings\n\n".formatted(settings.size()));
    text.append("A policy keeps its objectives where attainment is at least 90 %.\n\n");
    row(
        text,
        List.of(
            "policy",
            "keeps objectives",
            "of those any policy can keep",
            "mean attainment, %",
            "speedup, geometric mean",
            "least",
            "greatest",
            "fastest of all"));
    rule(text, 8);
    List<Setting> feasible =
        settings.stream()
            .filter(each -> result.competitors().stream().anyMatch(p -> result.keeps(each, p)))
            .toList();
    for (String policy : result.policies()) {
      double[] speedups = all(settings, each -> result.value(each, policy, "mean_e2e_speedup"));
      row(
          text,
          List.of(
              "`" + policy + "`",
              "%d of %d".formatted(count(settings, policy, result), settings.size()),
              "%d of %d".formatted(count(feasible, policy, result), feasible.size()),
              fixed(
                  1,
                  DoubleStream.of(
                          all(
                              settings,
                              each -> result.value(each, policy, Scalar.ATTAINMENT.key())))
                      .average()
                      .orElse(Double.NaN)),
              fixed(2, geometricMean(speedups)),
              fixed(2, DoubleStream.of(speedups).min().orElse(Double.NaN)),
              fixed(2, DoubleStream.of(speedups).max().orElse(Double.NaN)),
              Long.toString(
                  settings.stream()
                      .filter(each -> result.fastest(each, result.competitors()).equals(policy))
                      .count())));
    }
  }

  private static long count(List<Setting> settings, String policy, MatrixResult result) {
    return settings.stream().filter(each -> result.keeps(each, policy)).count();
  }

  private static void againstRivals(StringBuilder text, MatrixResult result) {
    text.append("\n## Against the best rival of each setting\n\n");
    text.append("Mean E2E latency of the fastest of ");
    text.append(result.rivals().stream().map(p -> "`" + p + "`").collect(Collectors.joining(", ")));
    text.append(" at that setting, divided by the policy's own: above 1 the policy is faster.\n\n");
    row(text, List.of("policy", "load", "least", "median", "geometric mean", "greatest", "faster"));
    rule(text, 7);
    List<Double> loads = result.settings().stream().map(Setting::load).distinct().toList();
    for (String policy : result.adaptive()) {
      for (double load : loads) {
        List<Setting> settings =
            result.settings().stream().filter(each -> each.load() == load).toList();
        double[] ratios = all(settings, each -> result.overBestRival(each, policy));
        if (ratios.length > 0) {
          row(
              text,
              List.of(
                  "`" + policy + "`",
                  Double.toString(load),
                  fixed(2, ratios[0]),
                  fixed(2, median(ratios)),
                  fixed(2, geometricMean(ratios)),
                  fixed(2, ratios[ratios.length - 1]),
                  "%d of %d"
                      .formatted(
                          DoubleStream.of(ratios).filter(ratio -> ratio > 1).count(),
                          ratios.length)));
        }
      }
    }
  }

  /// How far policies are from the best possible.
  private static void regret(StringBuilder text, MatrixResult result) {
    if (!result.policies().contains(Regret.ORACLE)) {
      return;
    }
    text.append("\n## Regret against the oracle, %\n\n");
    text.append(
        "Of mean E2E latency: the share of the oracle's speedup that is missed. Of goodput:");
    text.append(" the share of the oracle's requests in time that is missed.\n\n");
    row(text, List.of("policy", "load", "E2E, least", "median", "greatest", "goodput, median"));
    rule(text, 6);
    List<Double> loads = result.settings().stream().map(Setting::load).distinct().toList();
    for (String policy : result.policies()) {
      for (double load : loads) {
        List<Setting> settings =
            result.settings().stream().filter(each -> each.load() == load).toList();
        double[] latency =
            all(settings, each -> result.value(each, policy, Regret.MEAN_E2E_REGRET.key()));
        double[] goodput =
            all(settings, each -> result.value(each, policy, Regret.GOODPUT_REGRET.key()));
        if (latency.length > 0 && !policy.equals(Regret.ORACLE)) {
          row(
              text,
              List.of(
                  "`" + policy + "`",
                  Double.toString(load),
                  fixed(0, latency[0]),
                  fixed(0, median(latency)),
                  fixed(0, latency[latency.length - 1]),
                  fixed(0, median(goodput))));
        }
      }
    }
  }

  /// @param ascending values
  private static double median(double[] ascending) {
    int n = ascending.length;
    return n == 0 ? Double.NaN : (ascending[(n - 1) / 2] + ascending[n / 2]) / 2;
  }

  /// A row per setting, a column per policy, the fastest policy's value in bold.
  private static void metric(
      StringBuilder text, MatrixResult result, String title, String metric, int decimals) {
    text.append("\n## ").append(title).append("\n\n");
    text.append("Bold: the policy with the lowest mean E2E latency.\n\n");
    List<String> header = new ArrayList<>(List.of("service", "deployment", "load"));
    header.addAll(result.policies());
    row(text, header);
    rule(text, header.size());
    for (Setting setting : result.settings()) {
      String fastest = result.fastest(setting, result.competitors());
      List<String> cells = new ArrayList<>();
      cells.add(setting.service());
      cells.add(setting.deployment());
      cells.add(Double.toString(setting.load()));
      for (String policy : result.policies()) {
        String value = fixed(decimals, result.value(setting, policy, metric));
        cells.add(policy.equals(fastest) ? "**" + value + "**" : value);
      }
      row(text, cells);
    }
  }

  private static void objectives(StringBuilder text, Matrix matrix) {
    text.append("\n## Rates and objectives\n\n");
    row(text, List.of("service", "deployment", "load", "requests/s", "TTFT, ms", "TPOT, ms"));
    rule(text, 6);
    matrix.points().stream()
        .map(
            point ->
                List.of(
                    point.service(),
                    point.cell().deployment(),
                    Double.toString(point.load()),
                    fixed(3, point.requestsPerSecond()),
                    fixed(0, point.cell().slo().ttftNanos() / NANOS_PER_MILLI),
                    fixed(1, point.cell().slo().tpotNanos() / NANOS_PER_MILLI)))
        .distinct()
        .forEach(cells -> row(text, cells));
  }

  /// In ascending order, undefined values left out.
  private static double[] all(List<Setting> settings, ToDoubleFunction<Setting> value) {
    return settings.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).sorted().toArray();
  }

  private static double geometricMean(double[] values) {
    return StrictMath.exp(
        DoubleStream.of(values).map(StrictMath::log).average().orElse(Double.NaN));
  }

  private static String fixed(int decimals, double value) {
    return Double.isNaN(value) ? "-" : String.format(ROOT, "%." + decimals + "f", value);
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static void rule(StringBuilder text, int columns) {
    text.append("|").append("---|".repeat(columns)).append('\n');
  }
}
