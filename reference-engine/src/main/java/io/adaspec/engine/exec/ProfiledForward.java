package io.adaspec.engine.exec;

import java.util.Arrays;
import java.util.function.LongSupplier;

/// One point of a profile's grid and the times of its repetitions.
final class ProfiledForward {
  /// Forwards per repetition.
  static final int RUNS = 2;

  private final String model;
  private final int newTokens;
  private final int context;
  private final long contextTokens;
  private final Runnable forward;
  private final long[] nanos;

  /// @param context cached tokens per new token
  /// @param contextTokens cached tokens that the forward reads, each request's once
  /// @param repetitions most there will be
  ProfiledForward(
      String model,
      int newTokens,
      int context,
      long contextTokens,
      int repetitions,
      Runnable forward) {
    this.model = model;
    this.newTokens = newTokens;
    this.context = context;
    this.contextTokens = contextTokens;
    this.forward = forward;
    this.nanos = new long[repetitions];
  }

  String model() {
    return model;
  }

  int newTokens() {
    return newTokens;
  }

  int context() {
    return context;
  }

  /// Whether this forward does all that `other` does.
  boolean contains(ProfiledForward other) {
    return model.equals(other.model) && newTokens >= other.newTokens && context >= other.context;
  }

  /// Runs it [#RUNS] times and keeps the time of the last as that of repetition `round`: serving
  /// repeats steps of one size, while the point measured before has displaced this one's weights
  /// and cells from the processor's caches.
  void measure(int round, LongSupplier clock) {
    for (int i = 1; i < RUNS; i++) {
      forward.run();
    }
    long before = clock.getAsLong();
    forward.run();
    nanos[round] = clock.getAsLong() - before;
  }

  long nanos(int round) {
    return nanos[round];
  }

  /// Of the first `rounds` repetitions.
  LatencyTable.Point median(int rounds) {
    return new LatencyTable.Point(newTokens, contextTokens, median(Arrays.copyOf(nanos, rounds)));
  }

  /// At least 1.
  static double median(long[] nanos) {
    Arrays.sort(nanos);
    return Math.max(1, nanos[nanos.length / 2]);
  }
}
