package io.adaspec.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The small models of the workloads module, read from the checkout: the engine does not depend on
/// that module.
public final class TestModels {
  private TestModels() {}

  /// The directory with `tiny-target`, `tiny-draft` and `reference.json`; the test is skipped where
  /// it is not there.
  public static Path directory() {
    Path found =
        Stream.of(
                "../workloads/src/main/resources/io/adaspec/workload/models",
                System.getProperty("adaspec.models", ""))
            .map(Path::of)
            .filter(path -> Files.exists(path.resolve("reference.json")))
            .findFirst()
            .orElse(null);
    assumeTrue(found != null, "the models of the workloads module are not in this checkout");
    return found;
  }

  public static Path target() {
    return directory().resolve("tiny-target");
  }

  public static Path draft() {
    return directory().resolve("tiny-draft");
  }
}
