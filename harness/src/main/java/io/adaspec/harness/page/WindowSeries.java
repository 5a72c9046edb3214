package io.adaspec.harness.page;

import java.util.Arrays;

/// Samples by window: of each window their number, mean and extremes, whatever their number.
final class WindowSeries {
  private final TimeGrid grid;
  private final long[] count;
  private final double[] sum;
  private final double[] min;
  private final double[] max;

  WindowSeries(TimeGrid grid) {
    this.grid = grid;
    this.count = new long[grid.windows()];
    this.sum = new double[grid.windows()];
    this.min = new double[grid.windows()];
    this.max = new double[grid.windows()];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
  }

  void add(long nanos, double value) {
    int window = grid.window(nanos);
    count[window]++;
    sum[window] += value;
    min[window] = Math.min(min[window], value);
    max[window] = Math.max(max[window], value);
  }

  /// Appends run, window start, mean, low and high; of windows without a sample the first of
  /// several, undefined, which breaks the line.
  void appendTo(DataTable table, int run) {
    int last = grid.windows() - 1;
    while (last >= 0 && count[last] == 0) {
      last--;
    }
    for (int w = 0; w <= last; w++) {
      if (count[w] > 0) {
        table.add(run, grid.seconds(w), sum[w] / count[w], min[w], max[w]);
      } else if (w > 0 && count[w - 1] > 0) {
        table.add(run, grid.seconds(w), Double.NaN, Double.NaN, Double.NaN);
      }
    }
  }
}
