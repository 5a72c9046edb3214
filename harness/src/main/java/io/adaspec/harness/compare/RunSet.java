package io.adaspec.harness.compare;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// All runs below a directory, in the order in which they were started.
///
/// @param path as it was given
public record RunSet(Path path, List<Run> runs) {
  /// A result directory and its description.
  public record Run(RunDirectory directory, RunInfo info) {}

  public RunSet {
    runs = runs.stream().sorted(Comparator.comparing(run -> run.info().startedAt())).toList();
  }

  /// The runs whose descriptions fit, possibly none.
  public RunSet where(Predicate<RunInfo> condition) {
    return new RunSet(path, runs.stream().filter(run -> condition.test(run.info())).toList());
  }

  /// Reads the descriptions; `path` is a result directory or holds some at any depth.
  ///
  /// @throws IOException naming the file that is missing, malformed or of another version
  public static RunSet read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    List<Path> directories;
    try (Stream<Path> files = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      directories =
          files.filter(file -> Files.exists(new RunDirectory(file).info())).sorted().toList();
    }
    if (directories.isEmpty()) {
      throw new IOException(path + ": holds no result (no run.json)");
    }
    List<Run> runs = new ArrayList<>();
    for (Path directory : directories) {
      RunDirectory run = new RunDirectory(directory);
      runs.add(new Run(run, run.readInfo()));
    }
    return new RunSet(path, runs);
  }
}
