package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Items in descending order of value, equal ones in the order they were added: values are equal
/// that agree to 1/16,384. Few items are sorted by insertion, many by two passes of a radix sort,
/// so that ranking hundreds of draft tokens takes a microsecond; and where only the least valuable
/// matter, only those are sorted. Reused; grows, never shrinks.
final class ValueOrder {
  /// Values from here on are equal, too.
  static final double MOST = 4;

  private static final int KEYS = 1 << 16;
  private static final double SCALE = KEYS / MOST;

  /// Up to so many items are faster sorted by insertion.
  private static final int FEW = 24;

  private int size;
  private double sum;
  private boolean sorted;
  private int[] items = new int[64];
  private double[] values = new double[64];
  private int[] keys = new int[64];
  private int[] order = new int[64];
  private int[] scratch = new int[64];
  private int[] halfway = new int[64];
  private final int[] lowPlaces = new int[256];
  private final int[] highPlaces = new int[256];

  void clear() {
    size = 0;
    sum = 0;
    sorted = false;
  }

  int size() {
    return size;
  }

  /// Of all values.
  double sum() {
    return sum;
  }

  /// Makes room for items to add, up to so many in all. Apart from [#add], which is the faster for
  /// it.
  void reserve(int total) {
    if (total > items.length) {
      items = Arrays.copyOf(items, 2 * total);
      values = Arrays.copyOf(values, 2 * total);
      keys = Arrays.copyOf(keys, 2 * total);
      order = Arrays.copyOf(order, 2 * total);
      scratch = new int[2 * total];
      halfway = new int[2 * total];
    }
  }

  /// Adds an item for which room was [reserved][#reserve].
  ///
  /// @param value not negative
  void add(int item, double value) {
    items[size] = item;
    values[size++] = value;
    sum += value;
    sorted = false;
  }

  void sort() {
    sortBelow(Double.POSITIVE_INFINITY);
    sorted = true;
  }

  /// Sorts at least the items below `value`. The others rank before them, in the order they were
  /// added where not all items are sorted already.
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
    int above = 0;
    int below = 0;
    for (int i = 0; i < size; i++) {
      int key = key(values[i]);
      keys[i] = key;
      // Without a branch, which would often be mispredicted.
      order[above] = i;
      scratch[below] = i;
      int isBelow = key - threshold >>> 31;
      above += 1 - isBelow;
      below += isBelow;
    }
    if (below <= FEW) {
      insert(above, below);
    } else {
      distribute(above, below);
    }
    return above;
  }

  private static int key(double value) {
    return Math.min(KEYS - 1, (int) (value * SCALE));
  }

  /// Moves the `count` first of `scratch` to `order`, from `start` on, each to its place.
  private void insert(int start, int count) {
    for (int s = 0; s < count; s++) {
      int i = scratch[s];
      int hole = start + s;
      while (hole > start && keys[order[hole - 1]] < keys[i]) {
        order[hole] = order[hole - 1];
        hole--;
      }
      order[hole] = i;
    }
  }

  /// The same by the low, then by the high byte of the keys.
  private void distribute(int start, int count) {
    Arrays.fill(lowPlaces, 0);
    Arrays.fill(highPlaces, 0);
    for (int s = 0; s < count; s++) {
      int key = keys[scratch[s]];
      lowPlaces[key & 0xFF]++;
      highPlaces[key >> 8]++;
    }
    int low = 0;
    int high = start;
    for (int b = 255; b >= 0; b--) {
      int lowCount = lowPlaces[b];
      int highCount = highPlaces[b];
      lowPlaces[b] = low;
      highPlaces[b] = high;
      low += lowCount;
      high += highCount;
    }
    for (int s = 0; s < count; s++) {
      int i = scratch[s];
      halfway[lowPlaces[keys[i] & 0xFF]++] = i;
    }
    for (int h = 0; h < count; h++) {
      int i = halfway[h];
      order[highPlaces[keys[i] >> 8]++] = i;
    }
  }

  /// The item at `rank`, from 0; after a sort.
  int item(int rank) {
    return items[order[rank]];
  }

  double value(int rank) {
    return values[order[rank]];
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
