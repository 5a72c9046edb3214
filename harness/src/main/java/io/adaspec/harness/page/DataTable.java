package io.adaspec.harness.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/// A table by columns: what a chart draws, what the page lists below it and what `--csv` writes.
///
/// @param values per column, its cells: numbers to six significant digits, text, or null where a
///   value is undefined. The column [#RUN] holds indices of runs.
record DataTable(List<Column> columns, List<List<Object>> values) {
  /// The key of a column of runs.
  static final String RUN = "run";

  private static final MathContext DIGITS = new MathContext(6);

  /// @param key name in files, ending in the unit where there is one
  /// @param label name for people
  /// @param unit empty for counts, ratios and text
  record Column(String key, String label, String unit) {
    static Column run() {
      return new Column(RUN, "Run", "");
    }
  }

  static DataTable of(Column... columns) {
    List<List<Object>> values = new ArrayList<>();
    for (Column _ : columns) {
      values.add(new ArrayList<>());
    }
    return new DataTable(List.of(columns), values);
  }

  /// Appends a row: integers, doubles and text.
  ///
  /// @throws IllegalArgumentException where the number of cells is not that of the columns
  void add(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    for (int i = 0; i < cells.length; i++) {
      values.get(i).add(cells[i] instanceof Double number ? rounded(number) : cells[i]);
    }
  }

  int rows() {
    return values.getFirst().size();
  }

  boolean isEmpty() {
    return rows() == 0;
  }

  Object cell(int row, int column) {
    return values.get(column).get(row);
  }

  private static Object rounded(double value) {
    return Double.isFinite(value)
        ? (Object) new BigDecimal(value).round(DIGITS).doubleValue()
        : null;
  }
}
