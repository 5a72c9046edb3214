package io.adaspec.engine.exec.djl;

/// Weights in eight bits.
final class ByteInvarianceTest extends BatchInvariance {
  ByteInvarianceTest() {
    super(DecoderOptions.cpu(Precision.INT8), 5e-5f);
  }
}
