package io.adaspec.engine.request;

import java.util.Arrays;

/// How draft confidence compares with acceptance: the judged draft tokens of a request in [#BINS]
/// equal bins of confidence. The arrays are owned by the record.
///
/// @param judged tokens by bin
/// @param accepted those of them that the target accepted
/// @param confidenceSum the sum of their confidences
/// @param squaredError `Σ (confidence − accepted)²` over all bins, accepted being 0 or 1
public record Calibration(
    int[] judged, int[] accepted, double[] confidenceSum, double squaredError) {
  public static final int BINS = 10;

  /// No token was judged.
  public static final Calibration NONE =
      new Calibration(new int[BINS], new int[BINS], new double[BINS], 0);

  public Calibration {
    if (judged.length != BINS || accepted.length != BINS || confidenceSum.length != BINS) {
      throw new IllegalArgumentException(
          "%d, %d and %d bins instead of %d"
              .formatted(judged.length, accepted.length, confidenceSum.length, BINS));
    }
  }

  /// The bin of a confidence in [0, 1]; a boundary belongs to the bin above it.
  public static int bin(double confidence) {
    return Math.min(BINS - 1, (int) (confidence * BINS));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Calibration that
        && Arrays.equals(judged, that.judged)
        && Arrays.equals(accepted, that.accepted)
        && Arrays.equals(confidenceSum, that.confidenceSum)
        && Double.compare(squaredError, that.squaredError) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(judged) + Arrays.hashCode(accepted))
        + Double.hashCode(squaredError);
  }

  @Override
  public String toString() {
    return "Calibration[judged=%s, accepted=%s, confidenceSum=%s, squaredError=%s]"
        .formatted(
            Arrays.toString(judged),
            Arrays.toString(accepted),
            Arrays.toString(confidenceSum),
            squaredError);
  }
}
