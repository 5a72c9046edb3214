package io.adaspec.harness.compare;

import org.apache.commons.rng.UniformRandomProvider;

/// A circular block bootstrap (Politis and Romano, 1992) as weights: how often each of `size`
/// values is in a resample that is made of stretches of `length` consecutive ones, the first
/// following the last.
record CircularBlocks(int size, int length) {
  CircularBlocks {
    if (size < 0 || length < 1) {
      throw new IllegalArgumentException("size " + size + ", block length " + length);
    }
  }

  /// How many values of the resample are independent of each other, roughly.
  double count() {
    return (double) size / length;
  }

  /// Weights that sum to `size`.
  int[] draw(UniformRandomProvider random) {
    int[] weights = new int[size];
    for (int drawn = 0; drawn < size; drawn += length) {
      int start = random.nextInt(size);
      int end = Math.min(length, size - drawn);
      for (int i = 0; i < end; i++) {
        weights[(start + i) % size]++;
      }
    }
    return weights;
  }
}
