package io.adaspec.harness.sim;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.Rollouts.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The acceptance process that fits recorded rollouts: the calibration by maximum likelihood, the
/// distribution of confidences by quantiles, the rest by moments.
public final class AcceptanceFit {
  /// Confidences nearer to 0 or 1 count as this near: half precision knows no more.
  private static final double NEAREST = 1e-4;

  private static final int NEWTON_STEPS = 50;
  private static final int BISECTION_STEPS = 40;

  /// Quantiles that location, scale and skew are read from: the median and two at equal distance.
  private static final double OUTER = 0.95;

  private static final double OUTER_DEVIATION = 1.6448536269514722;

  private final Rollouts rollouts;
  private final int width;
  private final int depth;
  private double location;
  private double scale;
  private double skew;
  private double difficulty;
  private double persistence;
  private double intercept;
  private double slope;

  private AcceptanceFit(Rollouts rollouts) {
    this.rollouts = rollouts;
    this.width = rollouts.header().width();
    this.depth = rollouts.header().depth();
  }

  /// @param name of the model, for reports
  /// @throws IllegalArgumentException where there are too few positions to tell anything
  public static AcceptanceModel fit(Rollouts rollouts, String name) {
    if (rollouts.generations().size() < 2
        || rollouts.generations().stream().anyMatch(generation -> generation.length() < 8)) {
      throw new IllegalArgumentException(
          "a fit takes at least 2 generations of at least 8 positions each");
    }
    AcceptanceFit fit = new AcceptanceFit(rollouts);
    fit.distribution();
    fit.course();
    fit.calibration();
    return fit.model(name, fit.divergence());
  }

  private AcceptanceModel model(String name, double divergence) {
    return new AcceptanceModel(
        name,
        location,
        scale,
        skew,
        difficulty,
        persistence,
        intercept,
        slope,
        rankShares(),
        alternativeShares(),
        divergence,
        depth);
  }

  static double logit(double probability) {
    double clamped = Math.clamp(probability, NEAREST, 1 - NEAREST);
    return Math.log(clamped / (1 - clamped));
  }

  private double logit(Generation generation, int t) {
    return logit(generation.alternatives()[t * width]);
  }

  /// Location, scale and skew from three quantiles.
  private void distribution() {
    double[] logits =
        rollouts.generations().stream()
            .flatMapToDouble(
                generation ->
                    IntStream.range(0, generation.length()).mapToDouble(t -> logit(generation, t)))
            .sorted()
            .toArray();
    location = logits[logits.length / 2];
    double above = logits[(int) (OUTER * (logits.length - 1))] - location;
    double below = location - logits[(int) ((1 - OUTER) * (logits.length - 1))];
    if (!(above > 0 && below > 0)) {
      scale = (above + below) / (2 * OUTER_DEVIATION);
      return;
    }
    skew = Math.clamp(Math.log(above / below) / OUTER_DEVIATION, -5, 5);
    scale =
        Math.abs(skew) < 1e-6
            ? above / OUTER_DEVIATION
            : above * skew / Math.expm1(skew * OUTER_DEVIATION);
  }

  /// The standard normal behind the confidence at a position.
  private double normal(AcceptanceModel shape, Generation generation, int t) {
    return shape.normal(logit(generation, t));
  }

  private double mean(AcceptanceModel shape, Generation generation) {
    double sum = 0;
    for (int t = 0; t < generation.length(); t++) {
      sum += normal(shape, generation, t);
    }
    return sum / generation.length();
  }

  /// Variance between and within generations, and correlation of neighbours. The estimate of an
  /// autoregression from short texts falls short by `(1 + 3 φ) / L` (Kendall 1954).
  private void course() {
    AcceptanceModel shape = model("", 0);
    List<Double> means = new ArrayList<>();
    double squares = 0;
    double products = 0;
    long positions = 0;
    for (Generation generation : rollouts.generations()) {
      double own = mean(shape, generation);
      means.add(own);
      positions += generation.length();
      for (int t = 0; t < generation.length(); t++) {
        double deviation = normal(shape, generation, t) - own;
        squares += deviation * deviation;
        products += t == 0 ? 0 : deviation * (normal(shape, generation, t - 1) - own);
      }
    }
    double length = (double) positions / means.size();
    double correlation = squares == 0 ? 0 : products / squares;
    persistence = Math.clamp((correlation * length + 1) / (length - 3), -0.95, 0.95);
    double effective = length * (1 - persistence) / (1 + persistence);
    double within = squares / (positions - means.size() * length / effective);
    double center = means.stream().mapToDouble(own -> own).average().orElseThrow();
    double between =
        means.stream().mapToDouble(own -> (own - center) * (own - center)).sum()
            / (means.size() - 1);
    double real = Math.max(0, between - within / effective);
    difficulty = real == 0 ? 0 : real / (real + within);
  }

  /// Logistic regression of acceptance on the logit of the confidence, by Newton's method.
  private void calibration() {
    slope = 1;
    for (int step = 0; step < NEWTON_STEPS; step++) {
      double gradient0 = 0;
      double gradient1 = 0;
      double hessian00 = 1e-6;
      double hessian01 = 0;
      double hessian11 = 1e-6;
      for (Generation generation : rollouts.generations()) {
        for (int t = 0; t < generation.length(); t++) {
          double x = logit(generation, t);
          double p = AcceptanceModel.logistic(intercept + slope * x);
          double error = (generation.ranks()[t] == 0 ? 1 : 0) - p;
          gradient0 += error;
          gradient1 += error * x;
          hessian00 += p * (1 - p);
          hessian01 += p * (1 - p) * x;
          hessian11 += p * (1 - p) * x * x;
        }
      }
      double determinant = hessian00 * hessian11 - hessian01 * hessian01;
      double change0 = (hessian11 * gradient0 - hessian01 * gradient1) / determinant;
      double change1 = (hessian00 * gradient1 - hessian01 * gradient0) / determinant;
      // Texts that are all accepted or all refused have no finite optimum: stay where it is sane.
      intercept = Math.clamp(intercept + Math.clamp(change0, -1, 1), -20, 20);
      slope = Math.clamp(slope + Math.clamp(change1, -1, 1), -20, 20);
    }
  }

  private List<Double> rankShares() {
    double[] counts = new double[width];
    double refused = 0;
    for (Generation generation : rollouts.generations()) {
      for (byte rank : generation.ranks()) {
        refused += rank > 0 ? 1 : 0;
        if (rank > 0 && rank < width) {
          counts[rank]++;
        }
      }
    }
    return falling(counts, refused);
  }

  /// The shares with which the model's alternatives, none above the one before, have the recorded
  /// means.
  private List<Double> alternativeShares() {
    List<Double> shares = new ArrayList<>();
    double left = 1;
    for (int rank = 1; rank < width; rank++) {
      double low = 0;
      double high = Math.min(left, rank == 1 ? 1 : shares.getLast());
      for (int step = 0; step < BISECTION_STEPS; step++) {
        double share = (low + high) / 2;
        if (excess(rank, share) < 0) {
          low = share;
        } else {
          high = share;
        }
      }
      shares.add(low);
      left -= low;
    }
    return shares;
  }

  /// By how much alternatives with the share exceed the recorded ones, summed.
  private double excess(int rank, double share) {
    double sum = 0;
    for (Generation generation : rollouts.generations()) {
      float[] alternatives = generation.alternatives();
      for (int t = 0; t < generation.length(); t++) {
        double expected = share * (1 - alternatives[t * width]);
        int at = t * width + rank;
        sum += Math.min(expected, alternatives[at - 1]) - alternatives[at];
      }
    }
    return sum;
  }

  /// The parts 1, 2, … of a whole; noise in the tail is smoothed away.
  private static List<Double> falling(double[] parts, double whole) {
    List<Double> shares = new ArrayList<>();
    for (int rank = 1; rank < parts.length; rank++) {
      double share = whole == 0 ? 0 : parts[rank] / whole;
      shares.add(rank == 1 ? share : Math.min(share, shares.getLast()));
    }
    return shares;
  }

  /// How far the continuation's confidences after a wrong token lie below what the autoregression
  /// expects there.
  private double divergence() {
    AcceptanceModel shape = model("", 0);
    double sum = 0;
    long count = 0;
    for (Generation generation : rollouts.generations()) {
      double own = mean(shape, generation);
      for (int t = 0; t < generation.length(); t++) {
        if (generation.ranks()[t] == 0) {
          continue;
        }
        double deviation = normal(shape, generation, t) - own;
        for (int step = 2; step <= depth; step++) {
          deviation *= persistence;
          int at = t * (depth - 1) + step - 2;
          sum += own + deviation - shape.normal(logit(generation.continuation()[at]));
          count++;
        }
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
