package io.adaspec.harness.sim;

import io.adaspec.harness.record.RolloutFile;
import io.adaspec.harness.record.Rollouts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/// The recording that comes with this module: the embedded models over the embedded prompts.
public final class EmbeddedRollouts {
  static final String RESOURCE = "embedded-rollouts.arrow";

  private EmbeddedRollouts() {}

  public static Rollouts load() throws IOException {
    return RolloutFile.read(RESOURCE, content());
  }

  /// What was recorded of which models, without the rollouts.
  public static Rollouts.Header header() throws IOException {
    return RolloutFile.header(RESOURCE, content());
  }

  private static byte[] content() throws IOException {
    try (InputStream in = EmbeddedRollouts.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException("no resource " + RESOURCE);
      }
      return in.readAllBytes();
    }
  }
}
