package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Items in descending order of value, equal ones in the order they were added: values are equal
/// that agree to 1/16,384. Two passes of a radix sort, so that ranking hundreds of draft tokens
/// takes a microsecond or two. Reused; grows, never shrinks.
final class ValueOrder {
  /// Values from here on are equal, too.
  static final double MOST = 4;

  private static final int KEYS = 1 << 16;
  private static final double SCALE = KEYS / MOST;

  private int size;
  private int[] items = new int[64];
  private int[] keys = new int[64];
  private double[] values = new double[64];
  private int[] halfway = new int[64];
  private int[] order = new int[64];
  private final int[] lowCounts = new int[257];
  private final int[] highCounts = new int[257];

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /// @param value not negative
  void add(int item, double value) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
      keys = Arrays.copyOf(keys, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      halfway = new int[2 * size];
      order = new int[2 * size];
    }
    items[size] = item;
    values[size] = value;
    keys[size++] = KEYS - 1 - (int) Math.min(KEYS - 1, value * SCALE);
  }

  void sort() {
    Arrays.fill(lowCounts, 0);
    Arrays.fill(highCounts, 0);
    for (int i = 0; i < size; i++) {
      lowCounts[(keys[i] & 0xFF) + 1]++;
      highCounts[(keys[i] >> 8) + 1]++;
    }
    for (int b = 0; b < 256; b++) {
      lowCounts[b + 1] += lowCounts[b];
      highCounts[b + 1] += highCounts[b];
    }
    for (int i = 0; i < size; i++) {
      halfway[lowCounts[keys[i] & 0xFF]++] = i;
    }
    for (int h = 0; h < size; h++) {
      int i = halfway[h];
      order[highCounts[keys[i] >> 8]++] = i;
    }
  }

  /// The item at `rank`, from 0; after [#sort].
  int item(int rank) {
    return items[order[rank]];
  }

  double value(int rank) {
    return values[order[rank]];
  }
}
