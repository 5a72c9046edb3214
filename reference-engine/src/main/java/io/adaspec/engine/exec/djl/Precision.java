package io.adaspec.engine.exec.djl;

/// Element type of the weights, and of activations and KV cache but for
/// [DecoderOptions#activations]. Logits are always 32-bit floats.
public enum Precision {
  F32(6, 4),
  BF16(15, 2),
  F16(5, 2),
  INT8(1, 1);

  private final int scalarType;
  private final int bytes;

  Precision(int scalarType, int bytes) {
    this.scalarType = scalarType;
    this.bytes = bytes;
  }

  /// libtorch's number of the type.
  int scalarType() {
    return scalarType;
  }

  int bytes() {
    return bytes;
  }
}
