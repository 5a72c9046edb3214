package io.adaspec.engine.spec.adaspec;

/// How many items of a ranking to take: the prefix with the highest predicted goodput among those
/// that leave the step within a limit. The empty prefix is always among them.
///
/// Every prefix counts, as latency over batch size has steps and kinks, and goodput behind one may
/// be higher than before it. But most items are usually worth far more than they cost. Those are
/// neither sorted nor tried one by one, where a bound shows that they are better taken all together:
/// with `w` the least value among them, the first `r` of `n` are worth at most what all are less
/// `(n − r)·w`.
final class BestPrefix {
  /// How much more than its share of the costs an item is worth that is taken without a closer look.
  private static final double CERTAIN = 1.25;

  /// The bound has to hold by so much that rounding cannot matter.
  private static final double ROUNDING = 1 + 1e-9;

  private StepTimes times;
  private double limitNanos;
  private double baseTokens;
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
    this.limitNanos = limitNanos;
    this.baseTokens = tokens;
    this.draftTokens = draftTokens;
    this.forwardNanos = forwardNanos;
    this.nanosPerItem = nanosPerLeaf;
    times.provide(draftTokens + order.size());
    double worth = certainWorth(order);
    int certain = order.sortBelow(worth);
    if (certain > 0 && !takeAtOnce(order, certain, worth)) {
      certain = 0;
      order.sort();
    }
    if (certain == 0) {
      count = 0;
      this.tokens = tokens;
    }
    double expected = this.tokens;
    double bestCharge = charge(certain);
    for (int rank = certain; rank < order.size(); rank++) {
      expected += order.value(rank);
      double charge = charge(rank + 1);
      if (expected * bestCharge > this.tokens * charge && nanos(rank + 1) <= limitNanos) {
        count = rank + 1;
        this.tokens = expected;
        bestCharge = charge;
      }
    }
    goodput = this.tokens / bestCharge;
  }

  /// Above an item's share of the costs, as far as that can be told beforehand.
  private double certainWorth(ValueOrder order) {
    int size = order.size();
    if (size < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double all = charge(size);
    int half = (size + 1) / 2;
    double share = Math.max((all - charge(1)) / (size - 1), (all - charge(half)) / (size - half));
    return CERTAIN * share * (baseTokens + order.sum()) / all;
  }

  /// Takes the `certain` items that rank first, each worth at least `least`, where that is better
  /// than any fewer of them.
  private boolean takeAtOnce(ValueOrder order, int certain, double least) {
    if (nanos(certain) > limitNanos) {
      return false;
    }
    double expected = baseTokens + order.sum();
    for (int rank = certain; rank < order.size(); rank++) {
      expected -= order.value(rank);
    }
    double charge = charge(certain) * ROUNDING;
    if (baseTokens * charge >= expected * charge(0)) {
      return false;
    }
    for (int fewer = 1; fewer < certain; fewer++) {
      if ((expected - (certain - fewer) * least) * charge >= expected * charge(fewer)) {
        return false;
      }
    }
    count = certain;
    tokens = expected;
    return true;
  }

  private double charge(int items) {
    return times.charge(draftTokens + items, forward(items));
  }

  private double nanos(int items) {
    return times.nanos(draftTokens + items, forward(items));
  }

  private double forward(int items) {
    return items == 0 ? 0 : forwardNanos + (items - 1) * nanosPerItem;
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
