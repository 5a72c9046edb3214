package io.adaspec.harness.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/// What is drawn instead of everything keeps what matters of it.
class DownSamplingTest {
  @Property
  void windows_keepExtremesAndMean(
      @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 1_000_000) Long> times,
      @ForAll @IntRange(min = 1, max = 40) int windows) {
    TimeGrid grid = TimeGrid.dividing(0, 1_000_000, windows);
    WindowSeries series = new WindowSeries(grid);
    double[] values = times.stream().mapToDouble(time -> (time * 31) % 1009).toArray();
    long[] counts = new long[grid.windows()];
    for (int i = 0; i < values.length; i++) {
      series.add(times.get(i), values[i]);
      counts[grid.window(times.get(i))]++;
    }
    DataTable table = LoadCharts.table(Drawing.Axis.linear("value", "", ""));
    series.appendTo(table, 0);
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int row = 0;
    for (int w = 0; w < counts.length; w++) {
      if (counts[w] > 0) {
        while (table.cell(row, 2) == null) {
          row++; // a gap
        }
        assertThat((double) table.cell(row, 1)).isCloseTo(grid.seconds(w), within(1e-8));
        sum += counts[w] * (double) table.cell(row, 2);
        lowest = Math.min(lowest, (double) table.cell(row, 3));
        highest = Math.max(highest, (double) table.cell(row, 4));
        row++;
      }
    }
    assertThat(lowest).isEqualTo(Arrays.stream(values).min().orElseThrow());
    assertThat(highest).isEqualTo(Arrays.stream(values).max().orElseThrow());
    double all = Arrays.stream(values).sum();
    assertThat(sum).isCloseTo(all, within(1e-5 * all + 1e-9));
    assertThat(table.rows()).isLessThanOrEqualTo(windows);
  }

  @Property
  void roundWindows_coverTheTimeWithNoMoreThanAskedFor(
      @ForAll @LongRange(min = 1, max = 40_000_000_000_000L) long end,
      @ForAll @IntRange(min = 1, max = 500) int most) {
    TimeGrid grid = TimeGrid.round(end, most);
    assertThat(grid.windows()).isBetween(1, most);
    assertThat(grid.windows() * grid.widthNanos()).isGreaterThanOrEqualTo(end);
    assertThat(grid.window(end)).isLessThan(grid.windows());
    String digits = String.valueOf(grid.widthNanos()).replaceAll("0+$", "");
    assertThat(digits).isIn("1", "2", "5");
  }

  @Property
  void indices_areSpreadAndKeepBothEnds(
      @ForAll @IntRange(min = 0, max = 5000) int size,
      @ForAll @IntRange(min = 2, max = 300) int most) {
    int[] indices = Samples.indices(size, most);
    assertThat(indices).hasSize(Math.min(size, most)).isSorted();
    assertThat(Arrays.stream(indices).distinct().count()).isEqualTo(indices.length);
    if (size > 0) {
      assertThat(indices[0]).isZero();
      assertThat(indices[indices.length - 1]).isEqualTo(size - 1);
      int widest =
          IntStream.range(1, indices.length).map(i -> indices[i] - indices[i - 1]).max().orElse(1);
      assertThat(widest).isLessThanOrEqualTo(size / Math.max(1, indices.length - 1) + 1);
    }
  }

  @Property
  void predictions_countEveryStepNearWhereItIs(
      @ForAll @Size(min = 1, max = 200)
          List<@DoubleRange(min = 1e3, max = 1e10) Double> predicted) {
    Predictions predictions = new Predictions();
    for (double nanos : predicted) {
      predictions.add(nanos, Math.round(2 * nanos));
    }
    predictions.add(0, 5);
    predictions.add(5, 0);
    DataTable table =
        DataTable.of(
            DataTable.Column.run(),
            new DataTable.Column("predicted_ms", "", "ms"),
            new DataTable.Column("measured_ms", "", "ms"),
            new DataTable.Column("count", "", ""));
    predictions.appendTo(table, 0);
    long steps = 0;
    for (int row = 0; row < table.rows(); row++) {
      steps += (long) table.cell(row, 3);
      double cell = (double) table.cell(row, 1);
      double nearest =
          predicted.stream()
              .mapToDouble(nanos -> Math.abs(cell * 1e6 / nanos - 1))
              .min()
              .orElseThrow();
      assertThat(nearest).isLessThan(0.05);
    }
    assertThat(steps).isEqualTo(predicted.size());
  }

  @Property
  void thresholds_spanTheValuesAndStayFew(
      @ForAll @DoubleRange(min = 0.01, max = 1e4) double least,
      @ForAll @DoubleRange(min = 1, max = 1e4) double factor) {
    double[] values = Thresholds.between(least, least * factor, 30);
    assertThat(values).isSorted().hasSizeBetween(1, 30);
    assertThat(values[0]).isLessThanOrEqualTo(least);
    assertThat(values[values.length - 1]).isGreaterThanOrEqualTo(least * factor);
    if (values.length > 1) {
      assertThat(values[1]).isGreaterThan(least);
    }
  }

  @Property(tries = 1)
  void thresholds_refuseWhatHasNoLogarithm() {
    assertThatThrownBy(() -> Thresholds.between(0, 1, 30)).hasMessageContaining("0.0 and 1.0");
  }
}
