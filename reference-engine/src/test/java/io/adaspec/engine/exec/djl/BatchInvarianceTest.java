package io.adaspec.engine.exec.djl;

/// Single precision: tokens of a branching tree may differ by what rounding moves.
final class BatchInvarianceTest extends BatchInvariance {
  BatchInvarianceTest() {
    super(DecoderOptions.cpu(Precision.F32), 5e-5f);
  }
}
