package io.adaspec.harness.sim.gpu;

/// `n` tokens times one weight matrix, on one device.
///
/// @param computeNanosPerToken of a token that the tiles cover
/// @param weightNanos to read the weights
/// @param activationNanosPerToken to read a token's input and write its output
record MatrixProduct(
    double computeNanosPerToken, double weightNanos, double activationNanosPerToken) {

  static MatrixProduct of(DeviceSpec device, WeightType weights, double inputs, double outputs) {
    double nanosPerFlop = 1e9 / (device.flops(weights) * device.kernels().compute());
    double nanosPerByte = 1e9 / (device.bytesPerSecond() * device.kernels().bandwidth());
    return new MatrixProduct(
        2 * inputs * outputs * nanosPerFlop,
        inputs * outputs * weights.bytes() * nanosPerByte,
        2 * (inputs + outputs) * nanosPerByte);
  }

  double nanos(int tokens, double covered) {
    double compute = computeNanosPerToken * covered;
    double memory = weightNanos + activationNanosPerToken * tokens;
    return Math.sqrt(compute * compute + memory * memory);
  }
}
