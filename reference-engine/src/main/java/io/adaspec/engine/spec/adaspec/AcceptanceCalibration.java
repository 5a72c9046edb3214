package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Learns online how often the target accepts a draft token, given that it accepted all before it,
/// from the token's confidence, its depth and its rank among its siblings: a Beta posterior per
/// bin, with decay.
///
/// Draft confidence is not acceptance probability: a draft that is unsure is often right
/// nevertheless. The prior says that it were, and a few observations outweigh it.
final class AcceptanceCalibration {
  private static final int BINS = 16;
  private static final int DEPTHS = 4;
  private static final int RANKS = 2;

  /// Observations that the prior counts as.
  private static final double PRIOR = 4;

  /// What an observation still counts after another one in its bin.
  private static final double DECAY = 0.998;

  private final double[] accepted = new double[BINS * DEPTHS * RANKS];
  private final double[] observed = new double[BINS * DEPTHS * RANKS];
  private final double[] meanAcceptance = new double[DEPTHS];
  private final boolean enabled;

  /// @param enabled false takes confidence at its word
  AcceptanceCalibration(boolean enabled, double startAcceptance) {
    this.enabled = enabled;
    Arrays.fill(meanAcceptance, startAcceptance);
  }

  /// Estimated probability that the token is accepted, given that its parent was.
  ///
  /// @param depth of the token, 1 or more
  /// @param rank among its siblings, 0 for the most probable
  double acceptance(int depth, int rank, double confidence) {
    if (!enabled) {
      return confidence;
    }
    int bin = bin(depth, rank, confidence);
    return (accepted[bin] + PRIOR * confidence) / (observed[bin] + PRIOR);
  }

  /// Expected acceptance of a first child at `depth` whose confidence is not yet known.
  double expectedAcceptance(int depth) {
    return meanAcceptance[Math.min(depth, DEPTHS) - 1];
  }

  /// A token at `depth` was drafted first among its siblings; `acceptance` is what is thought of
  /// it.
  void drafted(int depth, double acceptance) {
    int d = Math.min(depth, DEPTHS) - 1;
    meanAcceptance[d] += 0.01 * (acceptance - meanAcceptance[d]);
  }

  /// The target judged a token whose parent it had accepted.
  void judged(int depth, int rank, double confidence, boolean wasAccepted) {
    int bin = bin(depth, rank, confidence);
    observed[bin] = observed[bin] * DECAY + 1;
    accepted[bin] = accepted[bin] * DECAY + (wasAccepted ? 1 : 0);
  }

  private static int bin(int depth, int rank, double confidence) {
    int d = Math.min(depth, DEPTHS) - 1;
    int r = Math.min(rank, RANKS - 1);
    return (d * RANKS + r) * BINS + (int) Math.min(BINS - 1, confidence * BINS);
  }
}
