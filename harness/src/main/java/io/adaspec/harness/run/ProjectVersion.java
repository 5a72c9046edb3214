package io.adaspec.harness.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which build this is.
public final class ProjectVersion {
  private ProjectVersion() {}

  /// The project's version, as in its POM.
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        ProjectVersion.class.getResourceAsStream("/io/adaspec/harness/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties cannot be read", e);
    }
    return properties.getProperty("version");
  }

  /// The commit that was checked out, with `-dirty` where files differed from it; empty where the
  /// launcher could not tell.
  public static String commit() {
    return System.getProperty("adaspec.commit", "");
  }
}
