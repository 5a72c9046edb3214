package io.adaspec.harness.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// How `charts.js` draws a table. Columns are named by their keys.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
sealed interface Drawing {
  /// A line per run, broken where a value is undefined. Columns `low` and `high`, where the table
  /// has them, are drawn as a band; where `supported` is 0, the line is dotted.
  ///
  /// @param diagonal whether to draw x = y
  /// @param reference column of a further line, the same for every run; null for none
  record Lines(Axis x, Axis y, List<Mark> marks, boolean diagonal, String reference)
      implements Drawing {
    static Lines of(Axis x, Axis y) {
      return new Lines(x, y, List.of(), false, null);
    }

    Lines with(List<Mark> lines) {
      return new Lines(x, y, lines, diagonal, reference);
    }

    Lines withDiagonal() {
      return new Lines(x, y, marks, true, reference);
    }

    Lines withReference(String column) {
      return new Lines(x, y, marks, diagonal, column);
    }
  }

  /// Dots at x, y, their area after the column `count`, and the diagonal.
  record Dots(Axis x, Axis y) implements Drawing {}

  /// Horizontal bars.
  ///
  /// @param category column with a bar, or group of bars, per value
  /// @param series column that tells bars, or parts of a bar, apart
  /// @param stacked whether a category's values are parts of one bar
  record Bars(String category, String series, Axis value, boolean stacked) implements Drawing {}

  /// Cells that reach from their x and y to the next ones, coloured by a share in percent.
  record Surface(Axis x, Axis y, String share, List<Mark> marks) implements Drawing {}

  /// A lane per value of the column `request`, with spans `from_s` to `to_s` coloured by `phase`.
  ///
  /// @param phases in the order of the legend
  record Spans(double fromSeconds, double toSeconds, List<String> phases) implements Drawing {}

  /// Cells of categories, coloured and named after the run that wins there.
  ///
  /// @param x column of the categories from left to right
  /// @param y column of the categories from top to bottom
  /// @param value column of the number in a cell
  /// @param kept column of a share in percent; below 90 the number is marked
  record Winners(String x, String y, String value, String kept) implements Drawing {}

  /// @param column key of the values
  /// @param max upper end, null to fit the data
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Axis(String column, String label, String unit, Scale scale, Double max) {
    static Axis linear(String column, String label, String unit) {
      return new Axis(column, label, unit, Scale.LINEAR, null);
    }

    static Axis log(String column, String label, String unit) {
      return new Axis(column, label, unit, Scale.LOG, null);
    }

    static Axis percent(String column, String label) {
      return new Axis(column, label, "%", Scale.LINEAR, 100.0);
    }

    static Axis nines(String column, String label) {
      return new Axis(column, label, "%", Scale.NINES, null);
    }
  }

  enum Scale {
    LINEAR,
    LOG,
    /// Percentiles by the logarithm of the share above them: 0, 90, 99, 99.9 are equally far apart.
    NINES
  }

  /// A labelled line across the chart.
  ///
  /// @param axis `x` or `y`
  record Mark(String axis, double at, String label) {}
}
