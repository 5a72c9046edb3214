package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Items in descending order of value, equal ones in the order they were given: values are equal
/// that agree to 1/256. One pass of a counting sort, so that ranking hundreds of draft tokens takes
/// a microsecond; and where only the least valuable matter, only those are sorted. Reused; grows,
/// never shrinks.
final class ValueOrder {
  /// Values from here on are equal, too.
  static final double MOST = 2;

  private static final int KEYS = 512;
  private static final double SCALE = KEYS / MOST;

  private double[] values = {};
  private int from;
  private int size;
  private double sum;
  private double least;

  /// Whether `order` is filled; otherwise it is that of the items.
  private boolean ordered;

  private boolean sorted;
  private int[] keys = new int[64];
  private int[] order = new int[64];
  private int[] below = new int[64];
  private final int[] places = new int[KEYS];

  /// Starts with the items `from .. to - 1`, whose values are not negative, in this order.
  ///
  /// @param sum of their values
  /// @param least of them
  void begin(double[] values, int from, int to, double sum, double least) {
    this.values = values;
    this.from = from;
    this.size = to - from;
    this.sum = sum;
    this.least = least;
    ordered = false;
    sorted = false;
  }

  int size() {
    return size;
  }

  /// Of all values.
  double sum() {
    return sum;
  }

  void sort() {
    sortBelow(Double.POSITIVE_INFINITY);
    sorted = true;
  }

  /// Sorts at least the items below `value`. The others rank before them, in the order they were
  /// given where not all items are sorted already.
  ///
  /// @return how many others there are
  int sortBelow(double value) {
    int threshold = (int) Math.ceil(Math.min(KEYS, value * SCALE));
    if (sorted) {
      int above = 0;
      while (above < size && keys[order[above]] >= threshold) {
        above++;
      }
      return above;
    }
    ordered = key(least) < threshold;
    if (!ordered) {
      return size;
    }
    provide();
    Arrays.fill(places, 0, threshold, 0);
    int above = 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
      int key = key(values[from + i]);
      keys[i] = key;
      // Without a branch, which would often be mispredicted.
      order[above] = i;
      below[count] = i;
      int isBelow = key - threshold >>> 31;
      above += 1 - isBelow;
      count += isBelow;
    }
    distribute(above, count, threshold);
    return above;
  }

  private void provide() {
    if (size > order.length) {
      keys = new int[2 * size];
      order = new int[2 * size];
      below = new int[2 * size];
    }
  }

  private static int key(double value) {
    return Math.min(KEYS - 1, (int) (value * SCALE));
  }

  /// Moves the `count` first of `below` to `order`, from `start` on, each to its place.
  private void distribute(int start, int count, int threshold) {
    for (int b = 0; b < count; b++) {
      places[keys[below[b]]]++;
    }
    int place = start + count;
    for (int key = key(least); key < threshold; key++) {
      place -= places[key];
      places[key] = place;
    }
    for (int b = 0; b < count; b++) {
      order[places[keys[below[b]]]++] = below[b];
    }
  }

  /// The item at `rank`, from 0.
  int item(int rank) {
    return from + (ordered ? order[rank] : rank);
  }

  double value(int rank) {
    return values[item(rank)];
  }

  /// The sum of the values from `rank` on.
  double sumFrom(int rank) {
    double sum = 0;
    for (int r = rank; r < size; r++) {
      sum += value(r);
    }
    return sum;
  }
}
