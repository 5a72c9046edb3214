package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Exponentially decaying memory that takes in several observations at once, whose order does not
/// matter then: what is remembered after `n` more, and what each of these counts on average.
final class Decay {
  private final double factor;
  private double[] remaining = {1};
  private double[] weight = {1};

  /// @param factor what an observation still counts after another one, below 1
  Decay(double factor) {
    this.factor = factor;
    provide(64);
  }

  private void provide(int observations) {
    int known = remaining.length;
    remaining = Arrays.copyOf(remaining, observations + 1);
    weight = Arrays.copyOf(weight, observations + 1);
    for (int n = known; n <= observations; n++) {
      remaining[n] = remaining[n - 1] * factor;
      weight[n] = (1 - remaining[n]) / ((1 - factor) * n);
    }
  }

  /// What an observation still counts after `n` others.
  double remaining(int n) {
    if (n >= remaining.length) {
      provide(2 * n);
    }
    return remaining[n];
  }

  /// What each of the last `n` observations counts, on average.
  double weight(int n) {
    if (n >= weight.length) {
      provide(2 * n);
    }
    return weight[n];
  }
}
