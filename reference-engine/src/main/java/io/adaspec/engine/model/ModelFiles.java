package io.adaspec.engine.model;

import java.nio.file.Path;
import java.util.Locale;

/// How a model lies on disk: a Hugging Face directory, or one GGUF file.
public final class ModelFiles {
  private ModelFiles() {}

  /// Whether the path names a GGUF file; every other model is a directory.
  public static boolean isGguf(Path model) {
    Path name = model.getFileName();
    return name != null && name.toString().toLowerCase(Locale.ROOT).endsWith(".gguf");
  }
}
