package io.adaspec.harness.sim.gpu;

/// Sums one buffer over the GPUs of a node:
///
///     latency + latencyPerDoubling·(log₂ w − 1) + root·√bytes + 2(w − 1)/w · bytes / (bandwidth · link)
///
/// for `w` workers. The last term is a ring's traffic; the root stands for the protocols that NCCL
/// changes between as sizes grow.
final class AllReduce {
  private final double latencyNanos;
  private final double rootNanos;
  private final double nanosPerByte;

  AllReduce(Link link, int workers) {
    double doublings = StrictMath.log(workers) / StrictMath.log(2) - 1;
    latencyNanos = 1e3 * (link.latencyMicros() + link.latencyPerDoublingMicros() * doublings);
    rootNanos = link.rootNanos();
    nanosPerByte = 2.0 * (workers - 1) / workers * 1e9 / (link.bandwidth() * link.bytesPerSecond());
  }

  double nanos(double bytes) {
    return latencyNanos + rootNanos * Math.sqrt(bytes) + nanosPerByte * bytes;
  }

  /// Collecting a buffer of which each GPU holds a part: half of the traffic.
  double gatherNanos(double bytes) {
    return latencyNanos + rootNanos * Math.sqrt(bytes) + nanosPerByte / 2 * bytes;
  }
}
