package io.adaspec.harness.sim;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.Rollouts.Generation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How well an acceptance model describes recorded rollouts, by comparing them with texts drawn
/// from it.
///
/// @param recorded positions
/// @param confidenceDistance Kolmogorov-Smirnov distance of the confidences on true prefixes
/// @param divergedDistance the same of the confidences after a wrong token
/// @param reliability by confidence, what was accepted and what the model says
/// @param lengths by draft tokens accepted of a chain of [#CHAIN], shares recorded and drawn
/// @param lengthDistance total variation between them
/// @param meanAccepted of the recorded chains
/// @param meanDrawn of the drawn chains
public record FitQuality(
    long recorded,
    double confidenceDistance,
    double divergedDistance,
    List<Bin> reliability,
    List<Share> lengths,
    double lengthDistance,
    double meanAccepted,
    double meanDrawn) {
  /// Chain whose accepted length is compared.
  public static final int CHAIN = 8;

  private static final int BINS = 10;
  private static final int GENERATIONS = 200;
  private static final int LENGTH = 500;

  /// Positions of similar confidence.
  ///
  /// @param confidence their mean
  /// @param accepted share at which the target agreed
  /// @param model share at which it should
  public record Bin(long positions, double confidence, double accepted, double model) {}

  /// Shares of chains with one accepted length.
  public record Share(double recorded, double drawn) {}

  public static FitQuality of(AcceptanceModel model, Rollouts rollouts, long seed) {
    Rollouts drawn = model.draw(seed, GENERATIONS, LENGTH);
    double[] recordedLengths = acceptedLengths(rollouts);
    double[] drawnLengths = acceptedLengths(drawn);
    List<Share> lengths = new ArrayList<>();
    double distance = 0;
    for (int k = 0; k < recordedLengths.length; k++) {
      lengths.add(new Share(recordedLengths[k], drawnLengths[k]));
      distance += Math.abs(recordedLengths[k] - drawnLengths[k]) / 2;
    }
    return new FitQuality(
        rollouts.positions(),
        distance(confidences(rollouts), confidences(drawn)),
        distance(diverged(rollouts), diverged(drawn)),
        reliability(model, rollouts),
        lengths,
        distance,
        mean(recordedLengths),
        mean(drawnLengths));
  }

  private static double[] confidences(Rollouts rollouts) {
    int width = rollouts.header().width();
    double[] values = new double[Math.toIntExact(rollouts.positions())];
    int count = 0;
    for (Generation generation : rollouts.generations()) {
      for (int t = 0; t < generation.length(); t++) {
        values[count++] = generation.alternatives()[t * width];
      }
    }
    return values;
  }

  private static double[] diverged(Rollouts rollouts) {
    int rest = rollouts.header().depth() - 1;
    List<double[]> parts = new ArrayList<>();
    for (Generation generation : rollouts.generations()) {
      for (int t = 0; t < generation.length(); t++) {
        if (generation.ranks()[t] > 0) {
          double[] part = new double[rest];
          for (int step = 0; step < rest; step++) {
            part[step] = generation.continuation()[t * rest + step];
          }
          parts.add(part);
        }
      }
    }
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /// Shares of chains by accepted length `0 .. CHAIN`, of positions where the text is long enough
  /// to tell.
  private static double[] acceptedLengths(Rollouts rollouts) {
    double[] shares = new double[CHAIN + 1];
    long count = 0;
    for (Generation generation : rollouts.generations()) {
      for (int t = 0; t + CHAIN <= generation.length(); t++) {
        shares[Math.min(CHAIN, generation.accepted()[t])]++;
        count++;
      }
    }
    for (int k = 0; k <= CHAIN; k++) {
      shares[k] /= Math.max(1, count);
    }
    return shares;
  }

  private static double mean(double[] shares) {
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      sum += k * shares[k];
    }
    return sum;
  }

  /// Ten bins of equally many positions.
  private static List<Bin> reliability(AcceptanceModel model, Rollouts rollouts) {
    int width = rollouts.header().width();
    List<double[]> positions = new ArrayList<>();
    for (Generation generation : rollouts.generations()) {
      for (int t = 0; t < generation.length(); t++) {
        double confidence = generation.alternatives()[t * width];
        double accepted = generation.ranks()[t] == 0 ? 1 : 0;
        double logit = AcceptanceFit.logit(confidence);
        double expected =
            AcceptanceModel.logistic(
                model.calibrationIntercept() + model.calibrationSlope() * logit);
        positions.add(new double[] {confidence, accepted, expected});
      }
    }
    positions.sort((a, b) -> Double.compare(a[0], b[0]));
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      List<double[]> part =
          positions.subList(bin * positions.size() / BINS, (bin + 1) * positions.size() / BINS);
      double[] sums = new double[3];
      part.forEach(position -> Arrays.setAll(sums, i -> sums[i] + position[i] / part.size()));
      bins.add(new Bin(part.size(), sums[0], sums[1], sums[2]));
    }
    return bins;
  }

  /// Largest difference of the empirical distribution functions.
  static double distance(double[] some, double[] others) {
    if (some.length == 0 || others.length == 0) {
      return Double.NaN;
    }
    double[] a = some.clone();
    double[] b = others.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    double largest = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      double value = Math.min(a[i], b[j]);
      while (i < a.length && a[i] <= value) {
        i++;
      }
      while (j < b.length && b[j] <= value) {
        j++;
      }
      largest = Math.max(largest, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return largest;
  }
}
