package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// Learns online how often the target accepts a draft token, given that it accepted all before it,
/// from the token's confidence, its rank among its siblings and its depth.
///
/// Draft confidence is not acceptance probability: a draft that is unsure is often right
/// nevertheless. Every bin of confidence has a Beta posterior with decay. The prior of a bin at one
/// depth is the posterior of that bin over all depths, whose own prior says that confidence is
/// right; so a few observations anywhere count everywhere, and many at one depth outweigh them.
final class AcceptanceCalibration {
  static final int BINS = 16;
  static final int DEPTHS = 4;
  private static final int RANKS = 2;

  /// Observations that the word of the draft counts as.
  static final double PRIOR = 4;

  /// Observations that the posterior over all depths counts as at one of them.
  static final double DEPTH_PRIOR = 16;

  /// What an observation still counts after another one in its bin: the last 500 are remembered.
  private static final double DECAY = 0.998;

  private static final double START_FIRST = 0.6;
  private static final double START_SECOND = 0.1;

  /// Weight of a drafted token in the mean of its depth: the last 100 are remembered.
  private static final double MEAN_WEIGHT = 0.01;

  private final boolean enabled;
  private final double[] accepted = new double[RANKS * BINS];
  private final double[] observed = new double[RANKS * BINS];
  private final double[] posterior = new double[RANKS * BINS];
  private final double[] acceptedAt = new double[DEPTHS * RANKS * BINS];
  private final double[] observedAt = new double[DEPTHS * RANKS * BINS];
  private final double[] shareAt = new double[DEPTHS * RANKS * BINS];
  private final double[] mean = new double[DEPTHS * RANKS];

  /// @param enabled false takes confidence at its word
  AcceptanceCalibration(boolean enabled) {
    this.enabled = enabled;
    for (int bin = 0; bin < posterior.length; bin++) {
      posterior[bin] = (bin % BINS + 0.5) / BINS;
    }
    Arrays.fill(shareAt, 1 / DEPTH_PRIOR);
    for (int depth = 0; depth < DEPTHS; depth++) {
      mean[RANKS * depth] = START_FIRST;
      mean[RANKS * depth + 1] = START_SECOND;
    }
  }

  /// Estimated probability that the token is accepted, given that its parent was.
  ///
  /// @param depth of the token, 1 or more
  /// @param rank among its siblings, 0 for the most probable
  double acceptance(int depth, int rank, double confidence) {
    if (!enabled) {
      return confidence;
    }
    int bin = bin(rank, confidence);
    int at = level(depth) * RANKS * BINS + bin;
    return (acceptedAt[at] + DEPTH_PRIOR * posterior[bin]) * shareAt[at];
  }

  /// Expected acceptance of a child of this rank at `depth` whose confidence is not yet known.
  double expectedAcceptance(int depth, int rank) {
    return mean[level(depth) * RANKS + rank];
  }

  /// A token was drafted; `acceptance` is what is thought of it.
  void drafted(int depth, int rank, double acceptance) {
    int d = level(depth) * RANKS + Math.min(rank, RANKS - 1);
    mean[d] += MEAN_WEIGHT * (acceptance - mean[d]);
  }

  /// The target judged a token whose parent it had accepted.
  void judged(int depth, int rank, double confidence, boolean wasAccepted) {
    int bin = bin(rank, confidence);
    int at = level(depth) * RANKS * BINS + bin;
    double verdict = wasAccepted ? 1 : 0;
    observed[bin] = observed[bin] * DECAY + 1;
    accepted[bin] = accepted[bin] * DECAY + verdict;
    double word = (bin % BINS + 0.5) / BINS;
    posterior[bin] = (accepted[bin] + PRIOR * word) / (observed[bin] + PRIOR);
    observedAt[at] = observedAt[at] * DECAY + 1;
    acceptedAt[at] = acceptedAt[at] * DECAY + verdict;
    shareAt[at] = 1 / (observedAt[at] + DEPTH_PRIOR);
  }

  private static int level(int depth) {
    return Math.min(depth, DEPTHS) - 1;
  }

  private static int bin(int rank, double confidence) {
    return Math.min(rank, RANKS - 1) * BINS + Math.min(BINS - 1, (int) (confidence * BINS));
  }
}
