package io.adaspec.engine.request;

import java.util.Arrays;

/// Counts the verdicts on a request's draft tokens. Allocates only where a depth is new.
final class JudgedTokens {
  private int[] judgedByDepth = new int[0];
  private int[] acceptedByDepth = new int[0];
  private int[] judgedByBin;
  private int[] acceptedByBin;
  private double[] confidenceSum;
  private double squaredError;

  /// @param depth in its proposal, 1 or more
  /// @param confidence in [0, 1]
  void count(int depth, double confidence, boolean accepted) {
    if (judgedByBin == null) {
      judgedByBin = new int[Calibration.BINS];
      acceptedByBin = new int[Calibration.BINS];
      confidenceSum = new double[Calibration.BINS];
    }
    if (depth > judgedByDepth.length) {
      judgedByDepth = Arrays.copyOf(judgedByDepth, depth);
      acceptedByDepth = Arrays.copyOf(acceptedByDepth, depth);
    }
    int bin = Calibration.bin(confidence);
    int hit = accepted ? 1 : 0;
    judgedByDepth[depth - 1]++;
    acceptedByDepth[depth - 1] += hit;
    judgedByBin[bin]++;
    acceptedByBin[bin] += hit;
    confidenceSum[bin] += confidence;
    squaredError += (confidence - hit) * (confidence - hit);
  }

  int[] judgedByDepth() {
    return judgedByDepth.clone();
  }

  int[] acceptedByDepth() {
    return acceptedByDepth.clone();
  }

  Calibration calibration() {
    return judgedByBin == null
        ? Calibration.NONE
        : new Calibration(
            judgedByBin.clone(), acceptedByBin.clone(), confidenceSum.clone(), squaredError);
  }
}
