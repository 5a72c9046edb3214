package io.adaspec.harness.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where the results of a call go.
final class ResultDirectories {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private ResultDirectories() {}

  /// One directory per policy: `output` itself, or `parent/<time>-<policy>`; with several policies
  /// one below `output` or `parent/<time>` for each.
  ///
  /// @param output null to name it after the time
  /// @throws FileAlreadyExistsException where one of them holds something already
  /// @throws AccessDeniedException where one of them cannot be made
  static List<Path> plan(Path output, Path parent, Instant now, List<String> policies)
      throws IOException {
    String time = TIMESTAMP.format(now);
    List<Path> directories = new ArrayList<>();
    if (policies.size() == 1) {
      String named = time + "-" + fileName(policies.getFirst());
      directories.add(output != null ? output : unused(parent.resolve(named)));
    } else {
      Path root = output != null ? output : unused(parent.resolve(time));
      policies.forEach(policy -> directories.add(root.resolve(fileName(policy))));
    }
    for (Path directory : directories) {
      if (holdsSomething(directory)) {
        throw new FileAlreadyExistsException(
            directory.toString(), null, "choose another --output or move it away");
      }
      requireWritable(directory);
    }
    return directories;
  }

  /// `parent/<time>-<what>`, which is not there yet.
  static Path timed(Path parent, Instant now, String what) {
    return unused(parent.resolve(TIMESTAMP.format(now) + "-" + what));
  }

  /// A second call in the same second gets a number.
  private static Path unused(Path wanted) {
    Path path = wanted;
    for (int n = 2; Files.exists(path); n++) {
      path = wanted.resolveSibling(wanted.getFileName() + "-" + n);
    }
    return path;
  }

  /// Known before models are loaded and measured, not when there is something to write.
  ///
  /// @param path a directory or file that is not there yet, or is to be replaced
  static void requireWritable(Path path) throws IOException {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) && !existing.equals(path.toAbsolutePath())) {
      throw new NotDirectoryException(existing.toString());
    }
    if (!Files.isWritable(existing)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  private static boolean holdsSomething(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return false;
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isPresent();
    }
  }

  private static String fileName(String policy) {
    return policy.replaceAll("[^A-Za-z0-9.+-]+", "-");
  }
}
