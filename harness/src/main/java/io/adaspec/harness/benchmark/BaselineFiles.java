package io.adaspec.harness.benchmark;

import io.adaspec.harness.compare.RunSet;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Keeps of results what a comparison needs, so that a baseline can be committed.
public final class BaselineFiles {
  private BaselineFiles() {}

  /// Replaces the results below `baseline` by those below `results`. Other files stay.
  ///
  /// @return bytes written
  public static long replace(Path baseline, Path results) throws IOException {
    RunSet runs = RunSet.read(results);
    delete(baseline);
    long bytes = 0;
    for (RunSet.Run run : runs.runs()) {
      RunDirectory from = run.directory();
      RunDirectory to =
          new RunDirectory(baseline.resolve(results.relativize(from.path()).toString()));
      Files.createDirectories(to.path());
      bytes += copy(from.requests(), to.requests());
      bytes += copy(from.steps(), to.steps());
      bytes += copy(from.info(), to.info());
    }
    return bytes;
  }

  private static long copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    return Files.size(to);
  }

  /// Deletes the files of results, and the directories that this leaves empty.
  private static void delete(Path baseline) throws IOException {
    if (!Files.exists(baseline)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(baseline)) {
      deepestFirst = all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path directory : deepestFirst) {
      RunDirectory run = new RunDirectory(directory);
      if (Files.exists(run.info())) {
        Files.deleteIfExists(run.requests());
        Files.deleteIfExists(run.steps());
        Files.deleteIfExists(run.histograms());
        Files.deleteIfExists(run.profile());
        Files.delete(run.info());
      }
      if (!directory.equals(baseline) && isEmpty(directory)) {
        Files.delete(directory);
      }
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }
}
