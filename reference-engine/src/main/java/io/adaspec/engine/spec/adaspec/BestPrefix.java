package io.adaspec.engine.spec.adaspec;

/// How many items of a ranking to take: the prefix with the highest predicted goodput among those
/// that leave the step within a limit. The empty prefix is always among them.
///
/// Every prefix is evaluated: latency over batch size has steps and kinks, and goodput behind one
/// may be higher than before it.
final class BestPrefix {
  private int count;
  private double tokens;
  private double goodput;

  /// Draft tokens to verify beside `keptTokens` others.
  ///
  /// @param order expected tokens of each item, most valuable first
  /// @param tokens expected of the step without any of them
  void verify(ValueOrder order, double tokens, StepTimes times, double limitNanos) {
    choose(order, tokens, 0, times, 0, 0, limitNanos);
  }

  /// Leaves to expand in one more draft forward, each by a token that is verified, too.
  ///
  /// @param tokens expected of the step without that forward
  /// @param draftTokens that are verified without it
  /// @param forwardNanos of the forward with one leaf
  /// @param nanosPerLeaf of the forward for every further one
  void expand(
      ValueOrder order,
      double tokens,
      int draftTokens,
      StepTimes times,
      double forwardNanos,
      double nanosPerLeaf,
      double limitNanos) {
    choose(order, tokens, draftTokens, times, forwardNanos, nanosPerLeaf, limitNanos);
  }

  private void choose(
      ValueOrder order,
      double tokens,
      int draftTokens,
      StepTimes times,
      double forwardNanos,
      double nanosPerItem,
      double limitNanos) {
    double expected = tokens;
    double forward = forwardNanos;
    double bestCharge = times.charge(draftTokens, 0);
    this.count = 0;
    this.tokens = tokens;
    for (int rank = 0; rank < order.size(); rank++) {
      expected += order.value(rank);
      double charge = times.charge(draftTokens + rank + 1, forward);
      if (expected * bestCharge > this.tokens * charge
          && times.nanos(draftTokens + rank + 1, forward) <= limitNanos) {
        this.count = rank + 1;
        this.tokens = expected;
        bestCharge = charge;
      }
      forward += nanosPerItem;
    }
    goodput = this.tokens / bestCharge;
  }

  /// Length of the best prefix.
  int count() {
    return count;
  }

  /// Expected tokens of the step with it.
  double tokens() {
    return tokens;
  }

  /// Expected tokens per charged nanosecond.
  double goodput() {
    return goodput;
  }
}
