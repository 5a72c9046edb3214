package io.adaspec.engine.spec.adaspec;

/// Time set aside to find out, while nothing is speculated, whether speculation would pay again: a
/// fixed share of the time of the plain steps since it was last spent. What a policy can lose by
/// probing is bounded by that share, whatever a probe costs.
final class ProbeBudget {
  static final double SHARE = 0.005;

  private double nanos;

  /// A step has run, or is going to, without speculation.
  void plainStep(double stepNanos) {
    nanos += SHARE * stepNanos;
  }

  boolean affords(double probeNanos) {
    return probeNanos <= nanos;
  }

  void spend(double probeNanos) {
    nanos -= probeNanos;
  }

  /// Speculation pays: it teaches more than probes.
  void reset() {
    nanos = 0;
  }
}
