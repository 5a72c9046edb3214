package io.adaspec.workload;

import java.io.IOException;
import java.nio.file.Path;

/// The two small models that come with this module, as Hugging Face checkpoint directories. They
/// are a matched target and draft pair with one tokenizer; `models/README.md` beside them describes
/// them.
public enum EmbeddedModels {
  TINY_TARGET("tiny-target"),
  TINY_DRAFT("tiny-draft");

  private final String directoryName;

  EmbeddedModels(String directoryName) {
    this.directoryName = directoryName;
  }

  /// Name of the model and of its directory.
  public String modelName() {
    return directoryName;
  }

  /// The model's directory on the file system. If the module is a jar, all models are extracted to
  /// the user's cache once: below `$XDG_CACHE_HOME/adaspec`, otherwise `~/.cache/adaspec`.
  ///
  /// @throws IOException if the models cannot be read, or the cache cannot be written
  public Path directory() throws IOException {
    return EmbeddedFiles.directory(EmbeddedModels.class.getClassLoader(), EmbeddedFiles.userCache())
        .resolve(directoryName);
  }
}
