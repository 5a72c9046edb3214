package io.adaspec.engine.spec.adaspec;

/// How many items of a ranking to take: the prefix with the highest predicted goodput among those
/// that leave the step within a limit. The empty prefix is always among them.
///
/// Every prefix counts, as latency over batch size has steps and kinks, and goodput behind one may
/// be higher than before it. But most items are usually worth far more than they cost. Those are
/// neither sorted nor tried one by one, where a bound shows that they are better taken all
/// together: with `w` the least value among them, the first `r` of `n` are worth at most what all
/// are less `(n − r)·w`.
final class BestPrefix {
  /// How much more than its share of the costs an item is worth that is taken without a closer
  /// look.
  private static final double MARGIN = 1.25;

  /// The bound has to hold by so much that rounding cannot matter.
  private static final double ROUNDING = 1 + 1e-9;

  /// What the step costs with so many items.
  private double[] charges = new double[64];

  private int count;
  private double tokens;
  private double goodput;

  /// Draft tokens to verify beside the step's others.
  ///
  /// @param order expected tokens of each item, sorted here as far as needed
  /// @param tokens expected of the step without any of them
  void verify(ValueOrder order, double tokens, StepTimes times, double limitNanos) {
    expand(order, tokens, 0, times, 0, 0, limitNanos);
  }

  /// Leaves to expand in one more draft forward, each by a token that is verified, too.
  ///
  /// @param order expected tokens of each leaf's child, sorted here as far as needed
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
    int size = order.size();
    if (charges.length <= size) {
      charges = new double[2 * size];
    }
    times.charges(draftTokens, forwardNanos, nanosPerLeaf, charges, size);
    count = 0;
    this.tokens = tokens;
    double least = certainValue(size, tokens + order.sum());
    int certain = order.sortBelow(least);
    if (certain > 0) {
      double all = tokens + order.sum() - order.sumFrom(certain);
      double nanos = forwardNanos + (certain - 1) * nanosPerLeaf;
      if (times.nanos(draftTokens + certain, nanos) <= limitNanos
          && allBeatFewer(certain, tokens, all, least)) {
        count = certain;
        this.tokens = all;
      } else {
        order.sort();
      }
    }
    double expected = this.tokens;
    for (int items = count + 1; items <= size; items++) {
      expected += order.value(items - 1);
      if (expected * charges[count] > this.tokens * charges[items]) {
        double nanos = forwardNanos + (items - 1) * nanosPerLeaf;
        if (times.nanos(draftTokens + items, nanos) <= limitNanos) {
          count = items;
          this.tokens = expected;
        }
      }
    }
    goodput = this.tokens / charges[count];
  }

  /// A value above an item's share of the costs, as far as that can be told beforehand.
  private double certainValue(int size, double expected) {
    if (size < 2) {
      return Double.POSITIVE_INFINITY;
    }
    int half = (size + 1) / 2;
    double share =
        Math.max(
            (charges[size] - charges[1]) / (size - 1),
            (charges[size] - charges[half]) / (size - half));
    return MARGIN * share * expected / charges[size];
  }

  /// Whether the first `certain` items, each worth at least `least`, bring more goodput than fewer
  /// of them.
  ///
  /// @param none expected tokens without them
  /// @param all expected tokens with them
  private boolean allBeatFewer(int certain, double none, double all, double least) {
    double charge = charges[certain] * ROUNDING;
    boolean best = none * charge < all * charges[0];
    for (int fewer = 1; best && fewer < certain; fewer++) {
      best = (all - (certain - fewer) * least) * charge < all * charges[fewer];
    }
    return best;
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
