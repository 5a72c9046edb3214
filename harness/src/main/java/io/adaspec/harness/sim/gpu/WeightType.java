package io.adaspec.harness.sim.gpu;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the weights of the layers' matrix products are stored. Embedding, LM head, activations and
/// KV cache stay in 16 bits. `FP8` computes in fp8 where the device can; everything else in 16
/// bits, dequantising on the way, which is taken to be free.
public enum WeightType {
  FP16(2),
  FP8(1),
  INT8(1),
  /// With one 16-bit scale per group of 128 weights.
  INT4(0.5 + 2.0 / 128);

  private final double bytes;

  WeightType(double bytes) {
    this.bytes = bytes;
  }

  /// Of one weight.
  public double bytes() {
    return bytes;
  }

  /// As written in a deployment's name.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException listing the known ones
  static WeightType named(String text) {
    return Arrays.stream(values())
        .filter(type -> type.label().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown weight type '%s'; known: %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(WeightType::label)
                                .collect(Collectors.joining(", ")))));
  }
}
