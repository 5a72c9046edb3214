package io.adaspec.harness.cli;

import io.adaspec.engine.model.ModelFiles;
import io.adaspec.harness.model.KnownModels;
import io.adaspec.harness.model.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A model as a command line names it: a path, the name of a fetched model, or `self:N`.
///
/// @param text as given
/// @param found where it is, if it is anywhere
record ModelReference(String text, Optional<Path> found) {
  private static final Pattern SELF = Pattern.compile("self:(\\d{1,4})");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*");

  /// A path that exists comes before a name.
  static ModelReference of(String text, ModelStore store) throws IOException {
    Path path = Path.of(text);
    if (Files.exists(path)) {
      return new ModelReference(text, Optional.of(path));
    }
    Optional<Path> named = NAME.matcher(text).matches() ? store.find(text) : Optional.empty();
    return new ModelReference(text, named);
  }

  /// The number of layers of `self:N`; empty for everything else.
  OptionalInt firstLayers() {
    Matcher self = SELF.matcher(text);
    return self.matches() ? OptionalInt.of(Integer.parseInt(self.group(1))) : OptionalInt.empty();
  }

  /// Where the model is.
  ///
  /// @param option that names it, for the message
  /// @throws IllegalArgumentException where there is none
  Path require(String option) {
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          KnownModels.source(text).isPresent()
              ? "%s %s is not here yet: fetch it with 'adaspec model fetch %s'"
                  .formatted(option, text, text)
              : option + " is no directory: " + text + ", nor a GGUF file or a fetched model");
    }
    Path path = found.get();
    if (!Files.isDirectory(path) && !ModelFiles.isGguf(path)) {
      throw new IllegalArgumentException(
          option + " is neither a directory nor a .gguf file: " + path);
    }
    return path;
  }
}
