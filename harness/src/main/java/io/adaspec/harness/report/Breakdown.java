package io.adaspec.harness.report;

/// Rows of tables that split a run's result up. Shares are in percent and NaN where they are
/// undefined.
public final class Breakdown {
  private Breakdown() {}

  /// Requests with the same objectives.
  ///
  /// @param attainment of the class alone
  /// @param goodput requests of the class that met all objectives, per second of the whole run
  public record ByClass(String name, long requests, double attainment, double goodput) {}

  /// Drafted tokens with one fate: a row of the waste ledger.
  ///
  /// @param share of all drafted tokens
  /// @param draftSeconds draft time charged to them: each step's in equal shares to its tokens
  /// @param verifySeconds time of target forwards, each in equal shares to all of its rows
  public record ByFate(
      Fate fate, long tokens, double share, double draftSeconds, double verifySeconds) {}

  /// Requests of one category of the workload.
  ///
  /// @param verified draft tokens
  /// @param acceptanceLength tokens emitted per speculative step of a request
  public record ByCategory(
      String name,
      long requests,
      long verified,
      long accepted,
      double acceptance,
      double acceptanceLength) {}

  /// Draft tokens at one depth of their proposals, the first being 1.
  ///
  /// @param judged kept ones whose parent is the root or was accepted
  /// @param acceptance accepted / judged: the `α` of this position
  public record ByDepth(int depth, long judged, long accepted, double acceptance) {}

  /// Judged draft tokens whose confidence is in `from <= q < to`, the last bin's 1 included.
  ///
  /// @param meanConfidence NaN where the bin is empty
  public record ByConfidence(
      double from, double to, long judged, double meanConfidence, double acceptance) {}
}
