package io.adaspec.engine.exec;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/// One point of a profile's grid: a target forward and, where there is a draft, one of the same
/// shape by the draft, with the times of their repetitions.
final class ProfiledStep {
  /// Forwards of each model per repetition, of the draft the first and another one.
  static final int RUNS = 2;

  private final int requests;
  private final int perRequest;
  private final int context;
  private final Forward target;
  private final Optional<Forward> draft;

  /// A forward and its times.
  private static final class Forward {
    final Runnable run;
    final long contextTokens;
    final long[] nanos;

    /// What the first of several forwards took longer than the others.
    final long[] firstNanos;

    Forward(Runnable run, long contextTokens, int repetitions) {
      this.run = run;
      this.contextTokens = contextTokens;
      this.nanos = new long[repetitions];
      this.firstNanos = new long[repetitions];
    }

    LatencyTable.Point median(int requests, int newTokens, int rounds) {
      return new LatencyTable.Point(
          requests, newTokens, contextTokens, ProfiledStep.median(Arrays.copyOf(nanos, rounds)));
    }
  }

  /// @param perRequest new tokens of each of `requests` requests
  /// @param context cached tokens of each
  /// @param repetitions most there will be
  /// @param target a target forward
  /// @param targetContext cached tokens that it reads, each request's once
  ProfiledStep(
      int requests,
      int perRequest,
      int context,
      int repetitions,
      Runnable target,
      long targetContext) {
    this(
        requests,
        perRequest,
        context,
        new Forward(target, targetContext, repetitions),
        Optional.empty());
  }

  private ProfiledStep(
      int requests, int perRequest, int context, Forward target, Optional<Forward> draft) {
    this.requests = requests;
    this.perRequest = perRequest;
    this.context = context;
    this.target = target;
    this.draft = draft;
  }

  /// With a draft forward of the same shape.
  ProfiledStep withDraft(Runnable forward, long contextTokens) {
    return new ProfiledStep(
        requests,
        perRequest,
        context,
        target,
        Optional.of(new Forward(forward, contextTokens, target.nanos.length)));
  }

  int requests() {
    return requests;
  }

  int perRequest() {
    return perRequest;
  }

  int newTokens() {
    return requests * perRequest;
  }

  int context() {
    return context;
  }

  /// Whether this step does all that `other` does.
  boolean contains(ProfiledStep other) {
    return requests >= other.requests
        && newTokens() >= other.newTokens()
        && context >= other.context;
  }

  /// Runs what serving repeats, so that each forward finds the processor's caches as there: a
  /// target forward, which is not timed, the draft forwards, whose mean counts, and by how much the
  /// first, which finds the target's weights in the caches, takes longer than the other, and the
  /// target forward that verifies.
  ///
  /// @param round the repetition
  void measure(int round, LongSupplier clock) {
    for (int i = 1; i < RUNS; i++) {
      target.run.run();
    }
    long before = clock.getAsLong();
    if (draft.isPresent()) {
      draft.get().run.run();
      long first = clock.getAsLong();
      draft.get().run.run();
      long after = clock.getAsLong();
      draft.get().nanos[round] = (after - before) / RUNS;
      draft.get().firstNanos[round] = 2 * first - before - after;
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
    return target.median(requests, newTokens(), rounds);
  }

  /// Likewise; empty without a draft.
  Optional<LatencyTable.Point> draft(int rounds) {
    return draft.map(forward -> forward.median(requests, newTokens(), rounds));
  }

  /// What a step's first draft forward takes longer than the next; at least 0.
  double firstDraftNanos(int rounds) {
    long[] longer = Arrays.copyOf(draft.orElseThrow().firstNanos, rounds);
    Arrays.sort(longer);
    return Math.max(0, longer[longer.length / 2]);
  }

  /// At least 1.
  static double median(long[] nanos) {
    Arrays.sort(nanos);
    return Math.max(1, nanos[nanos.length / 2]);
  }
}
