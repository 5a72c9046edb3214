package io.adaspec.harness.cli;

import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds the results that a person points at.
final class RunDirectories {
  private RunDirectories() {}

  /// The results in the given order; of a directory that holds several, these by name.
  ///
  /// @throws NoSuchFileException naming a directory that neither is nor holds a result
  static List<RunDirectory> find(List<Path> directories) throws IOException {
    List<RunDirectory> runs = new ArrayList<>();
    for (Path directory : directories) {
      if (isRun(directory)) {
        runs.add(new RunDirectory(directory));
        continue;
      }
      try (Stream<Path> children = Files.list(directory)) {
        List<Path> inside = children.filter(RunDirectories::isRun).sorted().toList();
        if (inside.isEmpty()) {
          throw new NoSuchFileException(
              new RunDirectory(directory).info().toString(), null, "holds no result");
        }
        inside.forEach(run -> runs.add(new RunDirectory(run)));
      }
    }
    return runs;
  }

  private static boolean isRun(Path directory) {
    return Files.exists(new RunDirectory(directory).info());
  }
}
