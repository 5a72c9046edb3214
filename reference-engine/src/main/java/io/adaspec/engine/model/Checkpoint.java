package io.adaspec.engine.model;

import java.nio.file.Path;

/// The weights of a model, by the names that Hugging Face gives the tensors of the Llama family
/// (`model.layers.0.self_attn.q_proj.weight`), whatever the file calls them.
public interface Checkpoint extends AutoCloseable {
  /// Maps the weights of a model.
  ///
  /// @param model a Hugging Face directory or a GGUF file
  /// @throws CheckpointException where no weights are there or a file is damaged
  static Checkpoint open(Path model) {
    return ModelFiles.isGguf(model)
        ? new GgufCheckpoint(GgufFile.open(model))
        : SafetensorsCheckpoint.open(model);
  }

  /// The tensor `name` of exactly this shape. Quantised tensors are returned as 32-bit floats.
  ///
  /// @return valid until this is closed
  /// @throws CheckpointException where it is missing or has another shape or an unsupported dtype
  TensorInfo tensor(String name, long... shape);

  @Override
  void close();
}
