package io.adaspec.engine.exec;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/// One point of a profile's grid: a target forward and, where there is a draft, one of the same
/// shape by the draft, with the times of their repetitions.
final class ProfiledStep {
  /// Forwards of each model per repetition.
  static final int RUNS = 2;

  private final int newTokens;
  private final int context;
  private final Forward target;
  private final Optional<Forward> draft;

  /// A forward and its times.
  private static final class Forward {
    final Runnable run;
    final long contextTokens;
    final long[] nanos;

    Forward(Runnable run, long contextTokens, int repetitions) {
      this.run = run;
      this.contextTokens = contextTokens;
      this.nanos = new long[repetitions];
    }

    LatencyTable.Point median(int newTokens, int rounds) {
      return new LatencyTable.Point(
          newTokens, contextTokens, ProfiledStep.median(Arrays.copyOf(nanos, rounds)));
    }
  }

  /// @param context cached tokens per new token
  /// @param repetitions most there will be
  /// @param target a target forward
  /// @param targetContext cached tokens that it reads, each request's once
  ProfiledStep(int newTokens, int context, int repetitions, Runnable target, long targetContext) {
    this(newTokens, context, new Forward(target, targetContext, repetitions), Optional.empty());
  }

  private ProfiledStep(int newTokens, int context, Forward target, Optional<Forward> draft) {
    this.newTokens = newTokens;
    this.context = context;
    this.target = target;
    this.draft = draft;
  }

  /// With a draft forward of the same shape.
  ProfiledStep withDraft(Runnable forward, long contextTokens) {
    return new ProfiledStep(
        newTokens,
        context,
        target,
        Optional.of(new Forward(forward, contextTokens, target.nanos.length)));
  }

  int newTokens() {
    return newTokens;
  }

  int context() {
    return context;
  }

  /// Whether this step does all that `other` does.
  boolean contains(ProfiledStep other) {
    return newTokens >= other.newTokens && context >= other.context;
  }

  /// Runs what serving repeats, so that each forward finds the processor's caches as there: a
  /// target forward, which is not timed, the draft forwards, whose mean counts, since the first
  /// finds the target's weights in the caches and the others the draft's own, and the target
  /// forward that verifies.
  ///
  /// @param round the repetition
  void measure(int round, LongSupplier clock) {
    for (int i = 1; i < RUNS; i++) {
      target.run.run();
    }
    long before = clock.getAsLong();
    if (draft.isPresent()) {
      for (int i = 0; i < RUNS; i++) {
        draft.get().run.run();
      }
      long after = clock.getAsLong();
      draft.get().nanos[round] = (after - before) / RUNS;
      before = after;
    }
    target.run.run();
    target.nanos[round] = clock.getAsLong() - before;
  }

  /// What repetition `round` took, all forwards.
  long nanos(int round) {
    return RUNS * (target.nanos[round] + draft.map(forward -> forward.nanos[round]).orElse(0L));
  }

  /// Of the first `rounds` repetitions.
  LatencyTable.Point target(int rounds) {
    return target.median(newTokens, rounds);
  }

  /// Likewise; empty without a draft.
  Optional<LatencyTable.Point> draft(int rounds) {
    return draft.map(forward -> forward.median(newTokens, rounds));
  }

  /// At least 1.
  static double median(long[] nanos) {
    Arrays.sort(nanos);
    return Math.max(1, nanos[nanos.length / 2]);
  }
}
