package io.adaspec.harness.sweep;

import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sim.VirtualReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The highest speed-up of arrivals at which a policy keeps its objectives for 90 % of the
/// requests, by bisection (DistServe's goodput). Attainment need not fall steadily with load; what
/// is found is a scale that keeps, with one at most [#TOLERANCE] above it that does not.
public final class MaxGoodput {
  static final double KEPT_PERCENT = 90;
  static final double TOLERANCE = 0.02;

  /// Scales beyond this factor above or below the first are not tried.
  static final double REACH = 1024;

  private final CellStore store;
  private final CellRunner runner = new CellRunner();

  /// @param output where runs are kept, as a sweep keeps them
  public MaxGoodput(Path output) throws IOException {
    this.store = new CellStore(output);
  }

  /// Of one seed.
  ///
  /// @param rateScale 0 where none in reach keeps the objectives, the greatest in reach where all
  ///   do
  /// @param goodput requests per second that meet theirs, at that scale
  record Found(double rateScale, double goodput) {}

  /// Of one policy on one deployment and trace, over the seeds.
  ///
  /// @param cell at the scale that the searches began with, of the first seed
  /// @param least of the seeds' scales
  /// @param mean of the seeds' scales
  /// @param greatest of the seeds' scales
  /// @param goodput mean over the seeds
  public record Row(
      Cell cell, int seeds, double least, double mean, double greatest, double goodput) {
    static Row of(Cell cell, List<Found> seeds) {
      double[] scales = seeds.stream().mapToDouble(Found::rateScale).sorted().toArray();
      return new Row(
          cell,
          scales.length,
          scales[0],
          seeds.stream().mapToDouble(Found::rateScale).average().orElseThrow(),
          scales[scales.length - 1],
          seeds.stream().mapToDouble(Found::goodput).average().orElseThrow());
    }
  }

  /// Searches from every cell's rate scale, cells that differ in nothing but the seed together.
  ///
  /// @return in the order of the cells; empty where `going` has stopped a run
  public Optional<List<Row>> search(List<Cell> cells, int jobs, VirtualReplay.Progress going)
      throws IOException, InterruptedException {
    Map<Cell, Future<Optional<Found>>> searches = new LinkedHashMap<>();
    Map<List<String>, List<Cell>> groups = new LinkedHashMap<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
      for (Cell cell : cells) {
        searches.put(cell, workers.submit(() -> search(cell, going)));
        groups
            .computeIfAbsent(
                List.of(cell.deployment(), cell.trace(), cell.policy()), _ -> new ArrayList<>())
            .add(cell);
      }
      List<Row> rows = new ArrayList<>();
      for (List<Cell> group : groups.values()) {
        List<Found> seeds = new ArrayList<>();
        for (Cell cell : group) {
          Optional<Found> found = searches.get(cell).get();
          if (found.isEmpty()) {
            workers.shutdownNow();
            return Optional.empty();
          }
          seeds.add(found.get());
        }
        rows.add(Row.of(group.getFirst(), seeds));
      }
      return Optional.of(rows);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private Optional<Found> search(Cell first, VirtualReplay.Progress going) throws IOException {
    double keeps = 0;
    double fails = Double.POSITIVE_INFINITY;
    double goodput = 0;
    double scale = first.rateScale();
    while (fails > keeps * (1 + TOLERANCE)) {
      Optional<Map<String, Double>> values = run(first.at(scale), going);
      if (values.isEmpty()) {
        return Optional.empty();
      }
      if (values.get().get(Scalar.ATTAINMENT.key()) >= KEPT_PERCENT) {
        keeps = scale;
        goodput = values.get().get(Scalar.GOODPUT.key());
      } else {
        fails = scale;
      }
      scale =
          keeps == 0 ? fails / 2 : Double.isInfinite(fails) ? keeps * 2 : Math.sqrt(keeps * fails);
      if (scale > first.rateScale() * REACH || scale < first.rateScale() / REACH) {
        break;
      }
    }
    return Optional.of(new Found(keeps, goodput));
  }

  private Optional<Map<String, Double>> run(Cell cell, VirtualReplay.Progress going)
      throws IOException {
    Optional<Map<String, Double>> known = store.read(cell);
    if (known.isPresent()) {
      return known;
    }
    Optional<Map<String, Double>> values = runner.run(cell, going);
    if (values.isPresent()) {
      store.write(cell, values.get());
    }
    return values;
  }
}
