package io.adaspec.harness.compare;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Resampler;
import io.adaspec.harness.report.Resampler.Resample;
import io.adaspec.workload.random.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;

/// Estimates the changes between two sides of real runs, on the scale of logarithms.
///
/// *Within runs*: a circular block bootstrap over requests in order of arrival. Where all runs
/// serve the same requests, one draw of blocks weighs those of every run, so that what a request
/// has in common on both sides (its length, its place in a burst) cancels. Blocks are twice as long
/// as [BlockLength] says, at least the cube root and at most a tenth of the requests: what is best
/// for the variance is too short for the error rate of a test. The replicates' standard deviation
/// is the standard error, with a Student's t of as many degrees of freedom as there are blocks,
/// less one.
///
/// *Between runs*: Student's t over the repetitions, their variance pooled over both sides. Where
/// neither side repeats, an assumed deviation of each run enters the standard error of host-bound
/// measures instead.
final class ChangeEstimator {
  static final int FEWEST_REQUESTS = 20;
  private static final int FEWEST_BLOCKS = 10;

  /// More blocks of the length that the series itself asks for than this, or the requests depend on
  /// each other over so long a stretch that the run says little about its own variance.
  private static final int BLOCKS_TO_TRUST = 20;

  /// A resampled value counts for no less than this share of the run's own: a resample may hold
  /// none of a few events.
  private static final double FLOOR = 0.01;

  /// How to resample.
  ///
  /// @param runDeviation assumed relative standard deviation of a run's times and rates where runs
  ///   are not repeated
  record Settings(int resamples, long seed, double runDeviation) {
    Settings {
      if (resamples < 100) {
        throw new IllegalArgumentException("resamples must be >= 100: " + resamples);
      }
      if (!(runDeviation >= 0 && runDeviation < 1)) {
        throw new IllegalArgumentException("run deviation must be in 0..100 %: " + runDeviation);
      }
    }
  }

  /// One run, and the run of the reference policy that its times are divided by.
  ///
  /// @param reference null for none
  record Repetition(Resampler run, Resampler reference) {
    Stream<Resampler> runs() {
      return Stream.of(run, reference).filter(resampler -> resampler != null);
    }

    boolean has(Measure measure) {
      return runsOf(measure).allMatch(resampler -> measure.of(resampler.whole()) > 0);
    }

    Stream<Resampler> runsOf(Measure measure) {
      return measure.hostBound() ? runs() : Stream.of(run);
    }
  }

  private final Settings settings;
  private final List<Repetition> baseline;
  private final List<Repetition> candidate;
  private final boolean paired;
  private final int requests;
  private final double dependence;

  ChangeEstimator(Settings settings, List<Repetition> baseline, List<Repetition> candidate) {
    this.settings = settings;
    this.baseline = List.copyOf(baseline);
    this.candidate = List.copyOf(candidate);
    List<Resampler> runs = all().toList();
    this.paired = runs.stream().allMatch(run -> Arrays.equals(run.ids(), runs.getFirst().ids()));
    this.requests = runs.stream().mapToInt(Resampler::requests).min().orElseThrow();
    this.dependence = longestDependence();
  }

  private Stream<Resampler> all() {
    return repetitions().flatMap(Repetition::runs);
  }

  /// Of both sides.
  Stream<Repetition> repetitions() {
    return Stream.concat(baseline.stream(), candidate.stream());
  }

  /// Mean over the baseline's runs, undivided; NaN where one does not define it.
  double baseline(Measure measure) {
    return mean(baseline, measure);
  }

  /// See [#baseline].
  double candidate(Measure measure) {
    return mean(candidate, measure);
  }

  private static double mean(List<Repetition> side, Measure measure) {
    return side.stream().mapToDouble(r -> measure.of(r.run().whole())).average().orElseThrow();
  }

  /// Whether both sides serve the same requests.
  boolean paired() {
    return paired;
  }

  boolean repeated() {
    return baseline.size() + candidate.size() > 2;
  }

  int baselineRuns() {
    return baseline.size();
  }

  int candidateRuns() {
    return candidate.size();
  }

  int requests() {
    return requests;
  }

  /// Whether single runs can tell their own variance; repeated ones need not.
  boolean trusted() {
    return repeated() || dependence * BLOCKS_TO_TRUST <= requests;
  }

  /// How many requests in a row depend on each other.
  double dependence() {
    return dependence;
  }

  private double longestDependence() {
    double longest = 1;
    for (Latency latency : List.of(Latency.TTFT, Latency.TPOT, Latency.E2E)) {
      if (paired) {
        longest = Math.max(longest, BlockLength.of(contrast(latency)));
      } else {
        longest =
            Math.max(
                longest,
                all()
                    .mapToDouble(run -> BlockLength.of(run.meanMillisByRequest(latency)))
                    .max()
                    .orElseThrow());
      }
    }
    return longest;
  }

  /// Each request's part of the change.
  private double[] contrast(Latency latency) {
    double[] contrast = new double[requests];
    add(contrast, latency, candidate, 1);
    add(contrast, latency, baseline, -1);
    return contrast;
  }

  private static void add(double[] sum, Latency latency, List<Repetition> side, double sign) {
    for (Repetition repetition : side) {
      addScaled(sum, latency, repetition.run(), sign / side.size());
      if (repetition.reference() != null) {
        addScaled(sum, latency, repetition.reference(), -sign / side.size());
      }
    }
  }

  private static void addScaled(double[] sum, Latency latency, Resampler run, double factor) {
    double[] millis = run.meanMillisByRequest(latency);
    double mean = Arrays.stream(millis).filter(v -> !Double.isNaN(v)).average().orElse(1);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * millis[i] / mean;
    }
  }

  /// Requests per block.
  int blockLength() {
    double wanted = Math.max(2 * dependence, Math.cbrt(requests));
    return Math.clamp(Math.round(wanted), 1, Math.max(1, requests / FEWEST_BLOCKS));
  }

  /// The change of every measure that is positive in all runs.
  Map<Measure, Estimate> estimate(List<Measure> measures) {
    if (requests < FEWEST_REQUESTS) {
      return Map.of();
    }
    List<Measure> defined =
        measures.stream()
            .filter(measure -> repetitions().allMatch(repetition -> repetition.has(measure)))
            .toList();
    double[][] before = wholes(baseline, defined);
    double[][] after = wholes(candidate, defined);
    double[] errors = standardErrors(defined);
    Map<Measure, Estimate> estimates = new LinkedHashMap<>();
    for (int m = 0; m < defined.size(); m++) {
      estimates.put(
          defined.get(m),
          new Estimate(
              Math.exp(mean(before[m])),
              Math.exp(mean(after[m])),
              spreads(defined.get(m), errors[m], before[m], after[m]),
              Math.min(baseline.size(), candidate.size())));
    }
    return estimates;
  }

  private List<Spread> spreads(Measure measure, double within, double[] before, double[] after) {
    double blocks = (double) requests / blockLength();
    double variance = within * within * blocks / (blocks - 1);
    List<Spread> spreads = new ArrayList<>();
    if (repeated()) {
      int freedom = before.length + after.length - 2;
      double pooled = (squares(before) + squares(after)) / freedom;
      double shares = 1.0 / before.length + 1.0 / after.length;
      spreads.add(new Spread(Math.sqrt(pooled * shares), freedom));
    } else if (measure.hostBound()) {
      long runs = all().count();
      variance += runs * settings.runDeviation() * settings.runDeviation();
    }
    spreads.add(new Spread(Math.sqrt(variance), blocks - 1));
    return spreads;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double squares(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
  }

  /// By measure and repetition, of whole runs.
  private static double[][] wholes(List<Repetition> side, List<Measure> measures) {
    double[][] logs = new double[measures.size()][side.size()];
    for (int r = 0; r < side.size(); r++) {
      for (int m = 0; m < measures.size(); m++) {
        Measure measure = measures.get(m);
        Repetition repetition = side.get(r);
        logs[m][r] = Math.log(measure.of(repetition.run().whole()));
        if (measure.hostBound() && repetition.reference() != null) {
          logs[m][r] -= Math.log(measure.of(repetition.reference().whole()));
        }
      }
    }
    return logs;
  }

  /// Standard deviations of the replicates, by measure.
  private double[] standardErrors(List<Measure> measures) {
    UniformRandomProvider random = RandomStreams.of(settings.seed());
    double[][] floors = floors(measures);
    double[] sums = new double[measures.size()];
    double[] squares = new double[measures.size()];
    double[] first = null;
    for (int b = 0; b < settings.resamples(); b++) {
      double[] replicate = replicate(measures, floors, random);
      // Deviations from the first replicate: equal replicates then have no variance at all.
      first = first == null ? replicate : first;
      for (int m = 0; m < sums.length; m++) {
        double deviation = replicate[m] - first[m];
        sums[m] += deviation;
        squares[m] += deviation * deviation;
      }
    }
    double[] errors = new double[measures.size()];
    for (int m = 0; m < errors.length; m++) {
      double n = settings.resamples();
      errors[m] = Math.sqrt(Math.max(0, (squares[m] - sums[m] * sums[m] / n) / (n - 1)));
    }
    return errors;
  }

  /// By run, in the order of [#all], and measure.
  private double[][] floors(List<Measure> measures) {
    return all()
        .map(
            run -> {
              Resample whole = run.whole();
              return measures.stream().mapToDouble(m -> FLOOR * m.of(whole)).toArray();
            })
        .toArray(double[][]::new);
  }

  private double[] replicate(
      List<Measure> measures, double[][] floors, UniformRandomProvider random) {
    double[] changes = new double[measures.size()];
    int[] common = paired ? new CircularBlocks(requests, blockLength()).draw(random) : null;
    int next = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
      List<Repetition> side = sign < 0 ? baseline : candidate;
      double share = (double) sign / side.size();
      for (Repetition repetition : side) {
        int[] weights = common != null ? common : blocks(repetition.run().requests()).draw(random);
        add(changes, measures, repetition.run(), weights, floors[next++], share, false, random);
        if (repetition.reference() != null) {
          int[] same =
              weights.length == repetition.reference().requests()
                  ? weights
                  : blocks(repetition.reference().requests()).draw(random);
          add(
              changes,
              measures,
              repetition.reference(),
              same,
              floors[next++],
              -share,
              true,
              random);
        }
      }
    }
    return changes;
  }

  private CircularBlocks blocks(int size) {
    return new CircularBlocks(size, Math.min(blockLength(), size));
  }

  private void add(
      double[] changes,
      List<Measure> measures,
      Resampler run,
      int[] weights,
      double[] floors,
      double factor,
      boolean reference,
      UniformRandomProvider random) {
    int stretches = run.stretches();
    int length = Math.max(1, (int) ((long) stretches * blockLength() / requests));
    Resample resample = run.weighted(weights, new CircularBlocks(stretches, length).draw(random));
    for (int m = 0; m < changes.length; m++) {
      Measure measure = measures.get(m);
      if (measure.hostBound() || !reference) {
        double value = measure.of(resample);
        changes[m] += factor * Math.log(value > floors[m] ? value : floors[m]);
      }
    }
  }
}
