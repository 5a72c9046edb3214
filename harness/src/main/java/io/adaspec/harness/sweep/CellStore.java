package io.adaspec.harness.sweep;

import io.adaspec.engine.exec.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finished cells, a file each below `cells`, named by digest: the cell on the first line, then a
/// metric a line. A file appears at once and whole, so a kill loses only cells in flight.
final class CellStore {
  private final Path folder;

  CellStore(Path output) throws IOException {
    this.folder = Files.createDirectories(output.resolve("cells"));
  }

  /// What came of a cell, if it has been run.
  ///
  /// @throws IOException naming the file, where it is malformed or of another cell
  Optional<Map<String, Double>> read(Cell cell) throws IOException {
    Path file = file(cell);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(cell.toString())) {
      throw new IOException(file + ": is not of " + cell.label() + "; delete it to run it again");
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] parts = lines.get(i).split("=", 2);
      try {
        values.put(parts[0], Double.valueOf(parts[parts.length - 1]));
      } catch (NumberFormatException e) {
        throw new IOException(file + ":" + (i + 1) + ": no number: '" + lines.get(i) + "'", e);
      }
    }
    return Optional.of(values);
  }

  void write(Cell cell, Map<String, Double> values) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(cell.toString());
    values.forEach((key, value) -> lines.add(key + "=" + value));
    AtomicFile.replace(file(cell), temporary -> Files.write(temporary, lines));
  }

  private Path file(Cell cell) {
    return folder.resolve(cell.digest());
  }
}
