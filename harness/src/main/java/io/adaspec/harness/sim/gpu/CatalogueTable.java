package io.adaspec.harness.sim.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A table beside the classes: comma-separated, first line the column names, `#` starts a comment
/// line, blanks around cells do not count.
final class CatalogueTable {
  private CatalogueTable() {}

  /// One line; a cell that is missing or is no number fails with file, line and column.
  record Row(String place, Map<String, String> cells) {
    String text(String column) {
      String cell = cells.get(column);
      if (cell == null || cell.isEmpty()) {
        throw new IllegalStateException(place + ": no value in column '" + column + "'");
      }
      return cell;
    }

    double number(String column) {
      return parsed(column, Double::parseDouble);
    }

    int whole(String column) {
      return parsed(column, Integer::parseInt);
    }

    boolean flag(String column) {
      return switch (text(column)) {
        case "true" -> true;
        case "false" -> false;
        default ->
            throw new IllegalStateException(
                "%s: column '%s' is neither true nor false: %s"
                    .formatted(place, column, text(column)));
      };
    }

    private <T> T parsed(String column, Function<String, T> parser) {
      try {
        return parser.apply(text(column));
      } catch (NumberFormatException e) {
        throw new IllegalStateException(
            "%s: column '%s' is not a number: %s".formatted(place, column, text(column)), e);
      }
    }
  }

  /// The rows of a resource of this package, each turned into an entry under its `name`, in the
  /// order of the file.
  static <T> Map<String, T> read(String resource, Function<Row, T> entry) {
    Map<String, T> entries = new LinkedHashMap<>();
    for (Row row : rows(resource)) {
      if (entries.put(row.text("name"), entry.apply(row)) != null) {
        throw new IllegalStateException(row.place() + ": second entry of that name");
      }
    }
    return entries;
  }

  /// Every line of a resource that is neither empty nor a comment.
  static List<String> lines(String resource) {
    return numbered(resource).values().stream().toList();
  }

  private static List<Row> rows(String resource) {
    List<Row> rows = new ArrayList<>();
    String[] columns = null;
    for (Map.Entry<Integer, String> line : numbered(resource).entrySet()) {
      String[] cells = line.getValue().split("\\s*,\\s*", -1);
      if (columns == null) {
        columns = cells;
        continue;
      }
      String place = resource + ":" + line.getKey();
      if (cells.length != columns.length) {
        throw new IllegalStateException(
            "%s: %d cells under %d columns".formatted(place, cells.length, columns.length));
      }
      Map<String, String> byColumn = new HashMap<>();
      for (int i = 0; i < columns.length; i++) {
        byColumn.put(columns[i], cells[i]);
      }
      rows.add(new Row(place, byColumn));
    }
    return rows;
  }

  private static Map<Integer, String> numbered(String resource) {
    Map<Integer, String> lines = new LinkedHashMap<>();
    try (InputStream in = CatalogueTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          lines.put(number, line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
    return lines;
  }
}
