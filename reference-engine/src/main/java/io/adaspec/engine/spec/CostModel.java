package io.adaspec.engine.spec;

import java.util.List;

/// What was measured of a deployment, as policies see it. Forward times in nanoseconds are `T_d`,
/// `T_v`, `o_d`, `o_v` of the efficiency model and include the correction learnt from the steps so
/// far.
public interface CostModel {
  /// `T_d(n, C)`.
  ///
  /// @param requests that the tokens are of
  /// @param newTokens `n`, tokens of the forward
  /// @param contextTokens `C`, cached tokens that they read, each request's once
  double draftNanos(int requests, int newTokens, long contextTokens);

  /// `T_v(n, C)`.
  ///
  /// @param requests that the tokens are of, prompts included
  double verifyNanos(int requests, int newTokens, long contextTokens);

  /// `T_v` of a run of batch sizes at once: `nanos[i] = T_v(i + offset, C)` for `i` in `from .. to
  /// - 1`, equal to asking one by one.
  default void verifyNanos(
      int requests, int offset, long contextTokens, double[] nanos, int from, int to) {
    for (int i = from; i < to; i++) {
      nanos[i] = verifyNanos(requests, i + offset, contextTokens);
    }
  }

  /// `o_d`: per speculating step, on top of `T_d` of its forwards.
  double draftOverheadNanos();

  /// The part of `o_d` that passes within the step's first draft forward, which finds the target's
  /// weights in the processor's caches.
  default double firstDraftNanos() {
    return 0;
  }

  /// `o_v`: per step, outside the target forward.
  double verifyOverheadNanos();

  /// Compares a step's prediction with its measured draft time.
  void observeDraft(double predictedNanos, long measuredNanos);

  /// Compares a step's prediction with its measured target forward.
  void observeVerify(double predictedNanos, long measuredNanos);

  /// Share of positions at which the target chooses the draft's most probable token, its second,
  /// and so on; empty where that was not measured.
  default List<Double> acceptanceByRank() {
    return List.of();
  }
}
