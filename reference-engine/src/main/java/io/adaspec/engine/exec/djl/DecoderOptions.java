package io.adaspec.engine.exec.djl;

import ai.djl.Device;

/// Where and how a decoder runs.
///
/// @param doubleAttention compute attention in double precision: token trees then give the same
///   bits as the same tokens in a row, at up to twice the cost of attention
/// @param approximateRows let a row's last bits depend on what else is in the batch, which saves
///   padding: for drafts, whose rows need not be exact
/// @param portable use operations that every device has, as on a GPU, in place of the CPU's own
/// @param keyTile cells per attention tile; a multiple of the KV cache's block size
public record DecoderOptions(
    Device device,
    Precision precision,
    boolean doubleAttention,
    boolean approximateRows,
    boolean portable,
    int keyTile) {
  private static final int KEY_TILE = 128;

  public DecoderOptions {
    if (keyTile < 16) {
      throw new IllegalArgumentException("key tile must be >= 16: " + keyTile);
    }
    if (device.isGpu() && !portable) {
      throw new IllegalArgumentException("only the CPU has operations of its own: " + device);
    }
    if (precision == Precision.INT8 && (device.isGpu() || doubleAttention)) {
      throw new IllegalArgumentException(
          device.isGpu()
              ? "int8 runs on the CPU only; use bf16 on " + device
              : "int8 has no attention in double precision");
    }
    if (isOfWeightsOnly(precision) && portable && !device.isGpu()) {
      throw new IllegalArgumentException(
          precision + " on " + device + " has operations of its own only");
    }
  }

  /// Type of activations and KV cache: the CPU computes in f32 with weights in f16 or int8.
  Precision activations() {
    return isOfWeightsOnly(precision) && !device.isGpu() ? Precision.F32 : precision;
  }

  private static boolean isOfWeightsOnly(Precision precision) {
    return precision == Precision.F16 || precision == Precision.INT8;
  }

  public static DecoderOptions on(Device device, Precision precision) {
    return new DecoderOptions(device, precision, false, false, device.isGpu(), KEY_TILE);
  }

  public static DecoderOptions cpu(Precision precision) {
    return on(Device.cpu(), precision);
  }

  /// The program of a GPU on the CPU.
  DecoderOptions withPortableOperations() {
    return new DecoderOptions(device, precision, doubleAttention, approximateRows, true, keyTile);
  }

  public DecoderOptions withDoubleAttention() {
    return new DecoderOptions(device, precision, true, approximateRows, portable, keyTile);
  }

  DecoderOptions withApproximateRows() {
    return new DecoderOptions(device, precision, doubleAttention, true, portable, keyTile);
  }
}
