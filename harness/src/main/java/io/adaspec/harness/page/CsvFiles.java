package io.adaspec.harness.page;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Tables as CSV files (RFC 4180), cells in full precision of the table, undefined ones empty.
final class CsvFiles {
  private CsvFiles() {}

  /// One file per chart and `metrics.csv`; the directory is made where it is missing.
  ///
  /// @return the number of files
  static int write(Report report, Path directory) throws IOException {
    Files.createDirectories(directory);
    List<String> labels = report.runs().stream().map(RunFacts::label).toList();
    write(directory.resolve("metrics.csv"), new ResultTables(report).table(), labels);
    for (Chart chart : report.charts()) {
      write(directory.resolve(chart.id() + ".csv"), chart.data(), labels);
    }
    return 1 + report.charts().size();
  }

  private static void write(Path file, DataTable table, List<String> runs) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          table.columns().stream().map(DataTable.Column::key).collect(Collectors.joining(",")));
      out.write("\r\n");
      for (int row = 0; row < table.rows(); row++) {
        for (int column = 0; column < table.columns().size(); column++) {
          Object cell = table.cell(row, column);
          boolean run = table.columns().get(column).key().equals(DataTable.RUN);
          out.write(column == 0 ? "" : ",");
          out.write(cell == null ? "" : quoted(run ? runs.get((Integer) cell) : cell.toString()));
        }
        out.write("\r\n");
      }
    }
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
