package io.adaspec.workload;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Public data beside the project, which the build does not need: tests that use it are skipped
/// where it is not there.
public final class SharedData {
  private static final Path ROOT = Path.of("..", "..", "shared");

  private SharedData() {}

  public static Path require(String relative) {
    Path path = ROOT.resolve(relative);
    assumeTrue(Files.exists(path), () -> "needs the shared data: " + path);
    return path;
  }
}
