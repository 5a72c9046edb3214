package io.adaspec.harness.sweep;

import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.record.SweepFile;
import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.VirtualReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A grid of cells and what came of them, in the grid's order whatever the order they ended in.
public final class Sweep {
  private static final String BASELINE = "autoregressive";

  /// Told of every cell that is done.
  @FunctionalInterface
  public interface Progress {
    /// @param done cells with a result, those of earlier calls included
    /// @param ran cells that this call ran
    void done(int done, int ran, int all);
  }

  private final Path output;
  private final List<Cell> cells;
  private final CellStore store;
  private final CellRunner runner = new CellRunner();

  public Sweep(Path output, List<Cell> cells) throws IOException {
    this.output = output;
    this.cells = List.copyOf(cells);
    this.store = new CellStore(output);
  }

  /// Refuses, before anything runs, cells that cannot be: unknown deployments or policies, models
  /// that do not fit, traces that cannot be read.
  public void check() throws IOException {
    Map<List<Object>, Simulation> settings = new LinkedHashMap<>();
    for (Cell cell : cells) {
      List<Object> setting = List.of(cell.deployment(), cell.trace());
      if (!settings.containsKey(setting)) {
        settings.put(setting, runner.simulation(cell));
      }
      settings.get(setting).requireServes(Policies.parse(cell.policy()));
    }
  }

  /// Runs the cells that have no result yet.
  ///
  /// @param going asked now and then by every run; when it says no, cells in flight are given up
  /// @return whether all cells have a result
  public boolean run(int jobs, VirtualReplay.Progress going, Progress progress)
      throws IOException, InterruptedException {
    List<Cell> missing = new ArrayList<>();
    for (Cell cell : cells) {
      if (store.read(cell).isEmpty()) {
        missing.add(cell);
      }
    }
    int before = cells.size() - missing.size();
    try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
      ExecutorCompletionService<Boolean> running = new ExecutorCompletionService<>(workers);
      missing.forEach(cell -> running.submit(() -> runCell(cell, going)));
      for (int ran = 1; ran <= missing.size(); ran++) {
        try {
          if (!running.take().get()) {
            workers.shutdownNow();
            return false;
          }
        } catch (ExecutionException e) {
          workers.shutdownNow();
          throw new IOException(e.getCause().getMessage(), e.getCause());
        }
        progress.done(before + ran, ran, cells.size());
      }
    }
    return true;
  }

  private boolean runCell(Cell cell, VirtualReplay.Progress going) {
    try {
      Optional<Map<String, Double>> values = runner.run(cell, going);
      if (values.isPresent()) {
        store.write(cell, values.get());
      }
      return values.isPresent();
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(cell.label() + ": " + e.getMessage(), e);
    }
  }

  /// All results, with the speedups over autoregressive decoding and the regret against the oracle
  /// on the same workload, NaN where the grid lacks those.
  public List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Cell cell : cells) {
      Optional<Map<String, Double>> values = store.read(cell);
      if (values.isEmpty()) {
        continue;
      }
      Map<String, Double> base = store.read(cell.under(BASELINE)).orElse(Map.of());
      Map<String, Double> all = new LinkedHashMap<>();
      all.put("mean_e2e_speedup", ratio(base, values.get(), CellMetric.MEAN_E2E));
      all.put("p99_e2e_speedup", ratio(base, values.get(), CellMetric.P99_E2E));
      Map<String, Double> oracle = store.read(cell.under(Regret.ORACLE)).orElse(Map.of());
      all.put(
          Regret.MEAN_E2E_REGRET.key(),
          regret(Regret.MEAN_E2E_REGRET, oracle, values.get(), CellMetric.MEAN_E2E));
      all.put(
          Regret.GOODPUT_REGRET.key(),
          regret(Regret.GOODPUT_REGRET, oracle, values.get(), Scalar.GOODPUT.key()));
      all.putAll(values.get());
      rows.add(new Row(cell, all));
    }
    return rows;
  }

  private static double ratio(Map<String, Double> base, Map<String, Double> run, String key) {
    return base.getOrDefault(key, Double.NaN) / run.getOrDefault(key, Double.NaN);
  }

  private static double regret(
      Regret regret, Map<String, Double> oracle, Map<String, Double> run, String key) {
    return regret.value(oracle.getOrDefault(key, Double.NaN), run.getOrDefault(key, Double.NaN));
  }

  /// A finished cell.
  public record Row(Cell cell, Map<String, Double> values) {}

  /// Writes `summary.arrow` anew, a row per finished cell.
  public Path writeSummary(List<Row> rows) throws IOException {
    List<SweepFile.Column> columns = new ArrayList<>();
    columns.add(
        new SweepFile.Column("mean_e2e_speedup", "x", "autoregressive's mean E2EL / this run's"));
    columns.add(
        new SweepFile.Column("p99_e2e_speedup", "x", "autoregressive's P99 E2EL / this run's"));
    for (Regret regret : Regret.values()) {
      columns.add(new SweepFile.Column(regret.key(), regret.unit(), regret.formula()));
    }
    CellMetric.all()
        .forEach(
            metric ->
                columns.add(new SweepFile.Column(metric.key(), metric.unit(), metric.formula())));
    List<SweepFile.CellRow> cellRows = new ArrayList<>();
    for (Row row : rows) {
      Cell cell = row.cell();
      cellRows.add(
          new SweepFile.CellRow(
              cell.deployment(),
              cell.trace(),
              cell.rateScale(),
              cell.policy(),
              cell.seed(),
              row.values()));
    }
    Path file = output.resolve("summary.arrow");
    SweepFile.write(file, columns, cellRows);
    return file;
  }
}
