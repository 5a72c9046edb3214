package io.adaspec.harness.sim.gpu;

/// How GPUs of one node reach each other, as an all-reduce sees it; see [AllReduce].
///
/// @param bytesPerSecond of one GPU in one direction
/// @param latencyMicros of an all-reduce of two GPUs
/// @param latencyPerDoublingMicros more for every doubling of the GPUs
/// @param bandwidth share of `bytesPerSecond` that a large all-reduce reaches
/// @param rootNanos nanoseconds per square root of a byte, for sizes in between
public record Link(
    double bytesPerSecond,
    double latencyMicros,
    double latencyPerDoublingMicros,
    double bandwidth,
    double rootNanos) {

  static Link of(CatalogueTable.Row row, double bytesPerSecond) {
    return new Link(
        bytesPerSecond,
        row.number("latency_us"),
        row.number("latency_per_doubling_us"),
        row.number("bandwidth"),
        row.number("root_ns"));
  }
}
