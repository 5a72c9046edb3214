package io.adaspec.harness.model;

import io.adaspec.engine.model.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Which files make a model.
final class ModelLayout {
  private static final Set<String> DESCRIPTION =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "model.safetensors.index.json");

  private static final Pattern WEIGHTS = Pattern.compile("model[\\w.-]*\\.safetensors");

  private ModelLayout() {}

  /// Whether a Hugging Face directory of this model needs the file.
  static boolean isPart(String name) {
    return DESCRIPTION.contains(name) || isWeights(name);
  }

  private static boolean isWeights(String name) {
    return WEIGHTS.matcher(name).matches();
  }

  static boolean isGguf(String name) {
    return ModelFiles.isGguf(Path.of(name));
  }

  /// @throws IllegalArgumentException where the files cannot be loaded as a model
  static void requireWeights(String source, List<String> names) {
    if (names.stream().noneMatch(ModelLayout::isWeights)) {
      throw new IllegalArgumentException(source + ": holds no model*.safetensors");
    }
  }

  /// What to load of a complete model: its GGUF file, or its directory.
  static Path entry(Path directory, ModelManifest manifest) {
    return manifest.files().stream()
        .map(ModelManifest.ModelFile::path)
        .filter(ModelLayout::isGguf)
        .findFirst()
        .map(directory::resolve)
        .orElse(directory);
  }
}
