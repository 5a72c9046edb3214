package io.adaspec.harness.sim.gpu;

/// A GPU.
///
/// @param product as in `1 x A100-SXM4-80GB`
/// @param memoryBytes as on the data sheet
/// @param bytesPerSecond memory bandwidth
/// @param flops16 dense FLOP/s in 16 bits
/// @param flops8 dense FLOP/s in fp8, 0 where there is none
/// @param link to the other GPUs of a node
/// @param kernels of this architecture or of the nearest measured one
/// @param source data sheet, and what is assumed
public record DeviceSpec(
    String name,
    String product,
    double memoryBytes,
    double bytesPerSecond,
    double flops16,
    double flops8,
    Link link,
    KernelEfficiency kernels,
    String source) {

  /// FLOP/s of matrix products over such weights.
  double flops(WeightType weights) {
    return weights == WeightType.FP8 && flops8 > 0 ? flops8 : flops16;
  }

  /// The same device with other kernels.
  DeviceSpec with(KernelEfficiency other) {
    return new DeviceSpec(
        name, product, memoryBytes, bytesPerSecond, flops16, flops8, link, other, source);
  }
}
