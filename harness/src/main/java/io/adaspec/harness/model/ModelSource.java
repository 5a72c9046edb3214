package io.adaspec.harness.model;

import java.io.IOException;
import java.nio.file.Path;

/// Where a model can be fetched from.
public interface ModelSource {
  /// Brings the model's files into `directory`, which may hold parts of an earlier try.
  ///
  /// @return what is there now, every checksum verified as far as the source gives one
  /// @throws IOException with a message for the user; whatever had arrived is kept
  ModelManifest fetch(String name, Path directory, Progress progress)
      throws IOException, InterruptedException;

  /// Told how a file is getting on; may end the work by an exception.
  @FunctionalInterface
  interface Progress {
    /// @param total bytes in all, or -1 where that is not known
    void update(String file, long done, long total);
  }
}
