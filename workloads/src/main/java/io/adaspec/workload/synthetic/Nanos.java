package io.adaspec.workload.synthetic;

/// Conversions and checks of the processes.
final class Nanos {
  static final double PER_SECOND = 1e9;

  private Nanos() {}

  static long ofSeconds(double seconds) {
    return Math.round(seconds * PER_SECOND);
  }

  static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite: " + value);
    }
  }

  static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be finite and not negative: " + value);
    }
  }
}
