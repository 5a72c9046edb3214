package io.adaspec.engine.exec;

import java.nio.file.Path;

/// Which model drafts for a target.
public sealed interface DraftModel {
  /// A model of its own, with the target's vocabulary.
  ///
  /// @param model a Hugging Face directory or a GGUF file
  record Separate(Path model) implements DraftModel {}

  /// The target's own first layers, final norm and head. Weights and KV cache are the target's:
  /// keys and values of a token are the same for both, so the draft has seen whatever the target
  /// has.
  ///
  /// @param layers fewer than the target's
  record FirstLayers(int layers) implements DraftModel {
    public FirstLayers {
      if (layers < 1) {
        throw new IllegalArgumentException("a self-draft needs layers >= 1: " + layers);
      }
    }

    @Override
    public String toString() {
      return "self:" + layers;
    }
  }
}
