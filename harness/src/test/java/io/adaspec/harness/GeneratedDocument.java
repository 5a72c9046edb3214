package io.adaspec.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A document that is generated from code and committed: a test compares it, and writes it instead
/// where the system property `adaspec.docs` is `write`.
public final class GeneratedDocument {
  /// What writes all of them anew.
  public static final String COMMAND =
      "mvn -pl harness -am -DskipChecks -Dtest='*DocumentTest' -Dadaspec.docs=write"
          + " -Dsurefire.failIfNoSpecifiedTests=false test";

  private static final Path DOCS = Path.of("..", "docs");

  private GeneratedDocument() {}

  /// @param name of the file in `docs`
  public static void check(String name, String text) throws IOException {
    Path file = DOCS.resolve(name);
    if ("write".equals(System.getProperty("adaspec.docs"))) {
      Files.writeString(file, text);
    }
    assertThat(file).exists();
    assertThat(Files.readString(file))
        .as("docs/%s has drifted from the code; write it anew with%n  %s", name, COMMAND)
        .isEqualTo(text);
  }
}
