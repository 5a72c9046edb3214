package io.adaspec.engine.exec.djl;

import ai.djl.Device;

/// Where and how a decoder runs.
///
/// @param keyTile cells per attention tile; a multiple of the KV cache's block size
public record DecoderOptions(Device device, Precision precision, int keyTile) {
  private static final int KEY_TILE = 128;

  public DecoderOptions {
    if (keyTile < 16) {
      throw new IllegalArgumentException("key tile must be >= 16: " + keyTile);
    }
    if (precision == Precision.F16 && !device.isGpu()) {
      throw new IllegalArgumentException("f16 runs on a GPU only; use f32 or bf16 on " + device);
    }
  }

  public static DecoderOptions cpu(Precision precision) {
    return new DecoderOptions(Device.cpu(), precision, KEY_TILE);
  }

  public static DecoderOptions gpu(Precision precision) {
    return new DecoderOptions(Device.gpu(), precision, KEY_TILE);
  }
}
