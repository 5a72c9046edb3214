package io.adaspec.engine.exec.djl;

/// Attention in double precision: trees, too, bit for bit.
final class DoubleAttentionInvarianceTest extends BatchInvariance {
  DoubleAttentionInvarianceTest() {
    super(DecoderOptions.cpu(Precision.F32).withDoubleAttention(), 0);
  }
}
