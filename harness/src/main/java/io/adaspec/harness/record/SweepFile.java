package io.adaspec.harness.record;

import io.adaspec.engine.exec.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// The summary of a sweep as an Arrow file: what each cell was, then a column per metric.
public final class SweepFile {
  /// A metric.
  public record Column(String key, String unit, String formula) {}

  /// @param values by column, NaN where a metric is undefined
  public record CellRow(
      String deployment,
      String trace,
      double rateScale,
      String policy,
      long seed,
      Map<String, Double> values) {}

  private SweepFile() {}

  /// Writes the file anew; until it is whole, an earlier one stays.
  public static void write(Path file, List<Column> columns, List<CellRow> rows) throws IOException {
    Table.Builder<CellRow> builder =
        Table.<CellRow>named("sweep")
            .utf8("deployment", "what was simulated", CellRow::deployment)
            .utf8("trace", "file, empty for the embedded trace", CellRow::trace)
            .float64("rate_scale", "x", "speed-up of the arrivals", CellRow::rateScale)
            .utf8("policy", "speculation policy", CellRow::policy)
            .int64("seed", "", "of outcomes and noise", CellRow::seed);
    for (Column column : columns) {
      builder.float64(
          column.key(),
          column.unit(),
          column.formula(),
          row -> row.values().getOrDefault(column.key(), Double.NaN));
    }
    Table<CellRow> table =
        builder.readAs(
            row -> {
              throw new UnsupportedOperationException("sweeps are read by Arrow readers");
            });
    AtomicFile.replace(file, temporary -> write(temporary, table, rows));
  }

  private static void write(Path file, Table<CellRow> table, List<CellRow> rows)
      throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        TableWriter<CellRow> writer =
            new TableWriter<>(table, TableWriter.create(file), allocator)) {
      for (CellRow row : rows) {
        writer.add(row);
      }
      writer.finish();
    }
  }
}
