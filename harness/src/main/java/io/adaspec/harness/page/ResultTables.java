package io.adaspec.harness.page;

import static java.util.Locale.ROOT;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.report.Distribution;
import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Metric;
import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Speedup;
import io.adaspec.harness.report.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The metrics of the runs as rows.
final class ResultTables {
  private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 95.0, 99.0);

  private final Report report;

  ResultTables(Report report) {
    this.report = report;
  }

  /// A metric, or a statistic of one, with its value in every run.
  ///
  /// @param statistic `mean`, `p50` and so on of latencies; empty otherwise
  record Row(Metric metric, String statistic, List<Cell> cells) {
    String label() {
      return statistic.isEmpty() ? metric.label() : metric.label() + " " + statistic;
    }

    /// A run's value for people, with no decimals where all runs' are whole, else as many as it
    /// deserves.
    String number(int run) {
      double value = cells.get(run).value();
      return Double.isNaN(value) ? "–" : String.format(ROOT, "%,." + decimals(value) + "f", value);
    }

    private int decimals(double value) {
      if (cells.stream().map(Cell::value).allMatch(v -> v.isNaN() || v == Math.rint(v))) {
        return 0;
      }
      double size = Math.abs(value);
      return size < 1 ? 3 : size < 100 ? 2 : size < 10_000 ? 1 : 0;
    }
  }

  /// @param supported false where too few requests stand behind a percentile
  record Cell(double value, boolean supported) {
    static Cell of(double value) {
      return new Cell(value, true);
    }
  }

  /// The whole catalogue, less what no run defines.
  List<Row> all() {
    List<Row> rows = new ArrayList<>();
    for (Metric metric : Metric.all()) {
      rows.addAll(rows(metric));
    }
    rows.removeIf(row -> row.cells().stream().allMatch(cell -> Double.isNaN(cell.value())));
    return rows;
  }

  /// What decides between policies.
  List<Row> comparison() {
    List<Row> rows = new ArrayList<>();
    rows.add(mean(Latency.E2E));
    rows.add(percentile(Latency.E2E, 99));
    rows.addAll(rows(Speedup.MEAN_E2E_SPEEDUP));
    rows.addAll(rows(Speedup.P99_E2E_SPEEDUP));
    rows.addAll(rows(Regret.MEAN_E2E_REGRET));
    rows.add(mean(Latency.TTFT));
    rows.add(mean(Latency.TPOT));
    for (Scalar scalar :
        List.of(
            Scalar.ATTAINMENT,
            Scalar.GOODPUT,
            Scalar.OUTPUT_THROUGHPUT,
            Scalar.ACCEPTANCE_RATE,
            Scalar.ACCEPTANCE_LENGTH,
            Scalar.CONTROLLER_OVERHEAD)) {
      rows.addAll(rows(scalar));
    }
    return rows;
  }

  private List<Row> rows(Metric metric) {
    return switch (metric) {
      case Latency latency -> {
        List<Row> rows = new ArrayList<>(List.of(mean(latency)));
        PERCENTILES.forEach(percentile -> rows.add(percentile(latency, percentile)));
        yield rows;
      }
      case Scalar scalar -> List.of(row(scalar, "", run -> Cell.of(run.value(scalar))));
      case Speedup speedup ->
          report
              .baseline()
              .filter(_ -> report.runs().size() > 1)
              .map(run -> run.report().summary())
              .map(baseline -> List.of(row(speedup, "", run -> cell(speedup, baseline, run))))
              .orElse(List.of());
      case Regret regret ->
          report.runs().stream()
              .filter(run -> run.report().info().policy().equals(Regret.ORACLE))
              .findFirst()
              .filter(_ -> report.baseline().isPresent())
              .map(run -> run.report().summary())
              .map(oracle -> List.of(row(regret, "", run -> Cell.of(regret.value(oracle, run)))))
              .orElse(List.of());
    };
  }

  private static Cell cell(Speedup speedup, Summary baseline, Summary run) {
    boolean supported =
        speedup != Speedup.P99_E2E_SPEEDUP
            || baseline.latency(Latency.E2E).supports(99) && run.latency(Latency.E2E).supports(99);
    return new Cell(speedup.value(baseline, run), supported);
  }

  private Row mean(Latency latency) {
    return row(latency, "mean", run -> Cell.of(run.latency(latency).meanMillis()));
  }

  private Row percentile(Latency latency, double percentile) {
    return row(
        latency,
        String.format(ROOT, "P%.0f", percentile),
        run -> {
          Distribution samples = run.latency(latency);
          return new Cell(samples.percentileMillis(percentile), samples.supports(percentile));
        });
  }

  private Row row(Metric metric, String statistic, Function<Summary, Cell> cell) {
    return new Row(
        metric,
        statistic,
        report.runs().stream().map(run -> cell.apply(run.report().summary())).toList());
  }

  /// All rows in one table, for files.
  DataTable table() {
    DataTable table =
        DataTable.of(
            new Column("metric", "Metric", ""),
            new Column("statistic", "Statistic", ""),
            new Column("unit", "Unit", ""),
            new Column("better", "Better", ""),
            Column.run(),
            new Column("value", "Value", ""),
            new Column("supported", "Enough requests", "1 = yes"));
    for (Row row : all()) {
      for (RunFacts run : report.runs()) {
        Cell cell = row.cells().get(run.index());
        table.add(
            row.metric().key(),
            row.statistic(),
            row.metric().unit(),
            row.metric().direction().name().toLowerCase(ROOT),
            run.index(),
            cell.value(),
            cell.supported() ? 1 : 0);
      }
    }
    return table;
  }
}
