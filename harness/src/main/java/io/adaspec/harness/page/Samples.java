package io.adaspec.harness.page;

import java.util.stream.IntStream;

/// Which of many sorted values to keep.
final class Samples {
  private Samples() {}

  /// At most `most` indices of 0..size-1, evenly spread, the first and the last among them.
  ///
  /// @param most at least 2
  static int[] indices(int size, int most) {
    if (size <= most) {
      return IntStream.range(0, size).toArray();
    }
    return IntStream.range(0, most).map(i -> (int) ((long) i * (size - 1) / (most - 1))).toArray();
  }
}
