package io.adaspec.harness.sim.gpu;

import io.adaspec.harness.sim.ForwardShape;

/// The attention kernels of one decoder layer on one of `tensorParallel` devices: the greater of
/// moving keys, values, queries and outputs, and of multiplying. There are no measurements of these
/// kernels behind it; the three constants are assumptions.
final class Attention {
  /// Share of the memory bandwidth. Paged decode kernels reach 0.6 to 0.85 of it, the more the
  /// longer the contexts (FlashInfer, arXiv 2501.01005, figures of decode bandwidth utilisation).
  private static final double BANDWIDTH = 0.7;

  /// Share of the peak FLOP/s. Causal forward passes over 2k to 4k tokens reach 0.5 to 0.6 of it on
  /// A100 (FlashAttention-2, arXiv 2307.08691) and H100 (FlashAttention-3, arXiv 2407.08608).
  private static final double COMPUTE = 0.5;

  /// Cache write and attention kernel, however little they do.
  private static final double LAYER_NANOS = 8e3;

  private final double nanosPerContextToken;
  private final double nanosPerNewToken;
  private final double nanosPerPair;

  Attention(DeviceSpec device, ModelShape model, int tensorParallel) {
    double queries = (double) model.queryWidth() / tensorParallel;
    double nanosPerByte = 1e9 / (device.bytesPerSecond() * BANDWIDTH);
    double tokenBytes = (double) model.keyValueBytes(tensorParallel) / model.layers();
    nanosPerContextToken = tokenBytes * nanosPerByte;
    // Its keys and values are written and read again; its queries read, its output written.
    nanosPerNewToken = (2 * tokenBytes + 2 * 2 * queries) * nanosPerByte;
    // A score is headDimension multiply-adds, and so is adding a weighted value.
    nanosPerPair = 2 * 2 * queries * 1e9 / (device.flops16() * COMPUTE);
  }

  double nanos(ForwardShape shape) {
    double memory =
        nanosPerContextToken * shape.contextTokens() + nanosPerNewToken * shape.newTokens();
    return LAYER_NANOS + Math.max(memory, nanosPerPair * shape.attentionPairs());
  }
}
