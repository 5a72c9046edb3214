package io.adaspec.harness.record;

import java.util.Arrays;

/// When tokens reached the client, and how many at each instant: a speculative step emits several
/// at once. The arrays are owned by the record.
///
/// @param nanos ascending, on the clock of the run
/// @param tokens parallel to `nanos`, each >= 1
public record Emissions(long[] nanos, int[] tokens) {
  public static final Emissions NONE = new Emissions(new long[0], new int[0]);

  public Emissions {
    if (nanos.length != tokens.length) {
      throw new IllegalArgumentException(nanos.length + " times for " + tokens.length + " counts");
    }
  }

  /// Emission events.
  public int size() {
    return nanos.length;
  }

  /// Tokens of all events.
  public int total() {
    int sum = 0;
    for (int count : tokens) {
      sum += count;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Emissions that
        && Arrays.equals(nanos, that.nanos)
        && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(nanos) + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "Emissions[nanos="
        + Arrays.toString(nanos)
        + ", tokens="
        + Arrays.toString(tokens)
        + "]";
  }
}
