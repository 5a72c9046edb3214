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

  /// A range of numbers of items is so many times shorter than its distance from all of them.
  private static final int RANGE = 5;

  private StepTimes times;
  private int draftTokens;
  private double forwardNanos;
  private double nanosPerItem;
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
    this.times = times;
    this.draftTokens = draftTokens;
    this.forwardNanos = forwardNanos;
    this.nanosPerItem = nanosPerLeaf;
    this.tokens = tokens;
    count = 0;
    int size = order.size();
    double charge = charge(0);
    double least = certainValue(size, tokens + order.sum());
    int certain = order.sortBelow(least);
    if (certain > 0) {
      double all = tokens + order.sum() - order.sumFrom(certain);
      if (fits(certain, limitNanos) && allBeatFewer(certain, tokens, all, least)) {
        count = certain;
        this.tokens = all;
        charge = charge(certain);
      } else {
        order.sort();
      }
    }
    double expected = this.tokens;
    for (int items = count + 1; items <= size; items++) {
      expected += order.value(items - 1);
      double more = charge(items);
      if (expected * charge > this.tokens * more && fits(items, limitNanos)) {
        count = items;
        this.tokens = expected;
        charge = more;
      }
    }
    goodput = this.tokens / charge;
  }

  /// What the step costs with so many items.
  private double charge(int items) {
    return times.charge(draftTokens + items, draftNanos(items));
  }

  private boolean fits(int items, double limitNanos) {
    return times.nanos(draftTokens + items, draftNanos(items)) <= limitNanos;
  }

  private double draftNanos(int items) {
    return items > 0 ? forwardNanos + (items - 1) * nanosPerItem : 0;
  }

  /// A value above an item's share of the costs, as far as that can be told beforehand.
  private double certainValue(int size, double expected) {
    if (size < 2) {
      return Double.POSITIVE_INFINITY;
    }
    int half = (size + 1) / 2;
    double whole = charge(size);
    double share =
        Math.max((whole - charge(1)) / (size - 1), (whole - charge(half)) / (size - half));
    return MARGIN * share * expected / whole;
  }

  /// Whether the first `certain` items, each worth at least `least`, bring more goodput than fewer
  /// of them.
  ///
  /// As costs never fall with the number of items, a range of numbers is tried at once: the costs
  /// of its lower end against the tokens of its upper end. The further from all, the more there is
  /// to lose and the longer a range may be.
  ///
  /// @param none expected tokens without them
  /// @param all expected tokens with them
  private boolean allBeatFewer(int certain, double none, double all, double least) {
    double charge = charge(certain) * ROUNDING;
    if (none * charge >= all * charge(0)) {
      return false;
    }
    int most = certain - 1;
    while (most > 0) {
      double fewer = (all - (certain - most) * least) * charge;
      int from = most - Math.min(most - 1, (certain - most) / RANGE);
      if (fewer >= all * charge(from)) {
        from = most;
        if (fewer >= all * charge(from)) {
          return false;
        }
      }
      most = from - 1;
    }
    return true;
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
