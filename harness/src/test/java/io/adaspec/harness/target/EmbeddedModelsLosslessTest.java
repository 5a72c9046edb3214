package io.adaspec.harness.target;

final class EmbeddedModelsLosslessTest extends EmbeddedModelsLossless {
  EmbeddedModelsLosslessTest() {
    super("f32");
  }
}
