package io.adaspec.harness.sim.gpu;

/// The linear and elementwise kernels of one decoder layer on one of `tensorParallel` devices: what
/// was measured, and what [KernelEfficiency] is fitted to.
final class LinearLayers {
  private final KernelEfficiency kernels;
  private final MatrixProduct queryKeyValue;
  private final MatrixProduct attentionOutput;
  private final MatrixProduct gateAndUp;
  private final MatrixProduct down;
  private final double elementwiseNanosPerToken;

  LinearLayers(DeviceSpec device, ModelShape model, int tensorParallel, WeightType weights) {
    kernels = device.kernels();
    double queries = (double) model.queryWidth() / tensorParallel;
    double keys = (double) model.keyValueHeads(tensorParallel) * model.headDimension();
    double intermediate = (double) model.intermediate() / tensorParallel;
    double hidden = model.hidden();
    queryKeyValue = MatrixProduct.of(device, weights, hidden, queries + 2 * keys);
    attentionOutput = MatrixProduct.of(device, weights, queries, hidden);
    gateAndUp = MatrixProduct.of(device, weights, hidden, 2 * intermediate);
    down = MatrixProduct.of(device, weights, intermediate, hidden);
    // Values read and written: two norms, a residual addition, rotated queries and keys, the gate.
    double values = 2 * 2 * hidden + 3 * hidden + 2 * (queries + keys) + 3 * intermediate;
    elementwiseNanosPerToken = 2 * values * 1e9 / (device.bytesPerSecond() * kernels.elementwise());
  }

  double nanos(int tokens) {
    double covered = kernels.covered(tokens);
    return queryKeyValue.nanos(tokens, covered)
        + attentionOutput.nanos(tokens, covered)
        + gateAndUp.nanos(tokens, covered)
        + down.nanos(tokens, covered)
        + elementwiseNanosPerToken * tokens
        + 1e3 * kernels.layerMicros();
  }
}
