package io.adaspec.engine.spec.adaspec;

/// Learns online how often the target accepts a draft token, given that it accepted all before it,
/// from the token's confidence, its rank among its siblings and its depth.
///
/// Draft confidence is not acceptance probability: a draft that is unsure is often right
/// nevertheless. Every bin of confidence has a Beta posterior with decay. The prior of a bin at one
/// depth is the posterior of that bin over all depths, whose own prior says that confidence is
/// right; so a few observations anywhere count everywhere, and many at one depth outweigh them.
///
/// A bin of a rank at a depth is a *cell*. Verdicts are counted by cell and taken in step by step,
/// so that an estimate is one table entry.
final class AcceptanceCalibration {
  static final int BINS = 16;
  static final int DEPTHS = 4;
  private static final int RANKS = 2;

  /// Bins of all ranks: the cells of one depth.
  private static final int WIDTH = RANKS * BINS;

  /// Observations that the word of the draft counts as.
  static final double PRIOR = 4;

  /// Observations that the posterior over all depths counts as at one of them.
  static final double DEPTH_PRIOR = 16;

  /// What an observation still counts after another one in its bin: the last 500 are remembered.
  private static final double DECAY = 0.998;

  private static final double START_FIRST = 0.6;
  private static final double START_SECOND = 0.1;

  /// The same for a drafted token in the mean of its depth: the last 100 are remembered.
  private static final double MEAN_DECAY = 0.99;

  private final boolean enabled;
  private final Decay decay = new Decay(DECAY);
  private final Decay meanDecay = new Decay(MEAN_DECAY);
  private final double[] accepted = new double[WIDTH];
  private final double[] observed = new double[WIDTH];
  private final double[] acceptedAt = new double[DEPTHS * WIDTH];
  private final double[] observedAt = new double[DEPTHS * WIDTH];
  private final double[] acceptance = new double[DEPTHS * WIDTH];
  private final double[] mean = new double[DEPTHS * RANKS];

  /// Verdicts of the step, by cell, and the bins that have any.
  private final int[] stepAccepted = new int[DEPTHS * WIDTH];

  private final int[] stepObserved = new int[DEPTHS * WIDTH];
  private int judgedBins;

  /// @param enabled false takes confidence at its word
  AcceptanceCalibration(boolean enabled) {
    this.enabled = enabled;
    for (int cell = 0; cell < acceptance.length; cell++) {
      acceptance[cell] = word(cell);
    }
    for (int depth = 0; depth < DEPTHS; depth++) {
      mean[RANKS * depth] = START_FIRST;
      mean[RANKS * depth + 1] = START_SECOND;
    }
  }

  /// The draft's own estimate: the middle of the bin.
  private static double word(int cell) {
    return (cell % BINS + 0.5) / BINS;
  }

  /// @param depth of the token, 1 or more
  /// @param rank among its siblings, 0 for the most probable
  static int cell(int depth, int rank, float confidence) {
    return level(depth) * WIDTH
        + Math.min(rank, RANKS - 1) * BINS
        + Math.min(BINS - 1, (int) (confidence * BINS));
  }

  private static int level(int depth) {
    return Math.min(depth, DEPTHS) - 1;
  }

  /// Estimated probability that a token of this cell is accepted, given that its parent was.
  double acceptance(int cell, float confidence) {
    return enabled ? acceptance[cell] : confidence;
  }

  /// Expected acceptance of a child of this rank at `depth` whose confidence is not yet known.
  double expectedAcceptance(int depth, int rank) {
    return mean[level(depth) * RANKS + rank];
  }

  /// Tokens were drafted; `sum` is of what is thought of their acceptances.
  void drafted(int depth, int rank, int tokens, double sum) {
    if (tokens > 0) {
      int d = level(depth) * RANKS + rank;
      mean[d] += (1 - meanDecay.remaining(tokens)) * (sum / tokens - mean[d]);
    }
  }

  /// The target judged a token whose parent it had accepted. Counts from the next [#learn] on.
  void judged(int cell, boolean wasAccepted) {
    stepObserved[cell]++;
    stepAccepted[cell] += wasAccepted ? 1 : 0;
    judgedBins |= 1 << cell % WIDTH;
  }

  /// Takes in the step's verdicts.
  void learn() {
    for (; judgedBins != 0; judgedBins &= judgedBins - 1) {
      learn(Integer.numberOfTrailingZeros(judgedBins));
    }
  }

  private void learn(int bin) {
    int binAccepted = 0;
    int binObserved = 0;
    for (int cell = bin; cell < acceptance.length; cell += WIDTH) {
      int n = stepObserved[cell];
      if (n > 0) {
        observedAt[cell] = observedAt[cell] * decay.remaining(n) + n * decay.weight(n);
        acceptedAt[cell] =
            acceptedAt[cell] * decay.remaining(n) + stepAccepted[cell] * decay.weight(n);
        binObserved += n;
        binAccepted += stepAccepted[cell];
        stepObserved[cell] = 0;
        stepAccepted[cell] = 0;
      }
    }
    double remaining = decay.remaining(binObserved);
    double weight = decay.weight(binObserved);
    observed[bin] = observed[bin] * remaining + binObserved * weight;
    accepted[bin] = accepted[bin] * remaining + binAccepted * weight;
    double posterior = (accepted[bin] + PRIOR * word(bin)) / (observed[bin] + PRIOR);
    for (int cell = bin; cell < acceptance.length; cell += WIDTH) {
      acceptance[cell] =
          (acceptedAt[cell] + DEPTH_PRIOR * posterior) / (observedAt[cell] + DEPTH_PRIOR);
    }
  }
}
