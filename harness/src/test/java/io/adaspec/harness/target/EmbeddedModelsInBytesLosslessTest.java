package io.adaspec.harness.target;

/// Weights in eight bits: their text is not that of f32, but no policy's differs.
final class EmbeddedModelsInBytesLosslessTest extends EmbeddedModelsLossless {
  EmbeddedModelsInBytesLosslessTest() {
    super("int8");
  }
}
