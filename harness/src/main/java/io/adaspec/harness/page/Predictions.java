package io.adaspec.harness.page;

import java.util.Map;
import java.util.TreeMap;

/// Predicted against measured times, counted in cells of a logarithmic grid: every pair is in one,
/// so outliers stay, whatever the number of steps.
final class Predictions {
  private static final int CELLS_PER_DECADE = 24;

  private final Map<Cell, Long> counts = new TreeMap<>();

  private record Cell(int predicted, int measured) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int first = Integer.compare(predicted, other.predicted);
      return first != 0 ? first : Integer.compare(measured, other.measured);
    }
  }

  /// Leaves out what was not run or not predicted.
  void add(double predictedNanos, long measuredNanos) {
    if (predictedNanos > 0 && measuredNanos > 0) {
      counts.merge(new Cell(cell(predictedNanos), cell(measuredNanos)), 1L, Long::sum);
    }
  }

  /// Appends run, predicted and measured milliseconds at the cells' centres, and their counts.
  void appendTo(DataTable table, int run) {
    counts.forEach(
        (cell, count) -> table.add(run, centre(cell.predicted()), centre(cell.measured()), count));
  }

  private static int cell(double nanos) {
    return (int) Math.floor(Math.log10(nanos) * CELLS_PER_DECADE);
  }

  private static double centre(int cell) {
    return Math.pow(10, (cell + 0.5) / CELLS_PER_DECADE) / 1e6;
  }
}
