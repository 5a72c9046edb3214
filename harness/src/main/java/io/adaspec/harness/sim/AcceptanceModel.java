package io.adaspec.harness.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.random.RandomStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// A parametric process in place of rollouts: how sure the draft is from position to position, and
/// how often the target agrees.
///
/// The draft's confidence `c` on a true prefix comes from a standard normal `x` by `logit c =
/// location + scale · (e^(skew·x) - 1) / skew`, or `location + scale · x` without skew. `x =
/// √difficulty · δ + √(1 - difficulty) · u`: `δ` is the request's, `u` a first-order autoregression
/// along the text whose neighbours correlate by `persistence`. The target agrees with the draft's
/// first choice with probability `logistic(calibrationIntercept + calibrationSlope · logit c)`; a
/// draft that is calibrated has 0 and 1. Where it disagrees, its token is the draft's choice `r`
/// with probability `rankShares[r - 1]`, or none of the noted ones. Choice `r` has the share
/// `alternativeShares[r - 1]` of `1 - c`. After a wrong token the draft goes on with the same
/// autoregression, `x` lower by `divergence`.
///
/// @param name for reports
/// @param difficulty share of the variance that lies between requests, in 0..1
/// @param depth `K`: confidences drawn of a continuation
public record AcceptanceModel(
    String name,
    double location,
    double scale,
    double skew,
    double difficulty,
    double persistence,
    double calibrationIntercept,
    double calibrationSlope,
    List<Double> rankShares,
    List<Double> alternativeShares,
    double divergence,
    int depth) {
  /// An assumption, not a measurement: a draft that the target agrees with at about two positions
  /// of three, well calibrated, with requests that differ moderately.
  public static final AcceptanceModel DEFAULT =
      new AcceptanceModel(
          "default",
          0.9,
          1.8,
          0,
          0.1,
          0.3,
          0,
          1,
          List.of(0.40, 0.16, 0.09, 0.06, 0.04, 0.03, 0.02),
          List.of(0.42, 0.16, 0.09, 0.06, 0.04, 0.03, 0.02),
          0.3,
          16);

  /// Texts drawn for a simulation, and their length: enough that two requests seldom share a
  /// stretch of text, few enough that they fit a processor's cache in part.
  private static final int GENERATIONS = 256;

  private static final int LENGTH = 1024;

  private static final long STREAM = 0x73796e746865746L;

  /// The id of every token that the target generates.
  private static final int VOCABULARY = 2;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public AcceptanceModel {
    finite("location", location, -20, 20);
    finite("scale", scale, 0, 20);
    finite("skew", skew, -5, 5);
    finite("difficulty", difficulty, 0, 1);
    finite("persistence", persistence, -0.999, 0.999);
    finite("calibration_intercept", calibrationIntercept, -20, 20);
    finite("calibration_slope", calibrationSlope, -20, 20);
    finite("divergence", divergence, -20, 20);
    finite("depth", depth, 1, 64);
    rankShares = shares("rank_shares", rankShares);
    alternativeShares = shares("alternative_shares", alternativeShares);
    if (rankShares.size() != alternativeShares.size()) {
      throw new IllegalArgumentException(
          "rank_shares and alternative_shares must be as many: %d, %d"
              .formatted(rankShares.size(), alternativeShares.size()));
    }
  }

  private static void finite(String parameter, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          "%s must be in %s..%s: %s".formatted(parameter, min, max, value));
    }
  }

  private static List<Double> shares(String parameter, List<Double> shares) {
    double sum = 0;
    double last = 1;
    for (double share : shares) {
      sum += share;
      if (!(share >= 0 && share <= last) || sum > 1 + 1e-9) {
        throw new IllegalArgumentException(
            parameter + " must fall and sum to at most 1: " + shares);
      }
      last = share;
    }
    if (shares.size() > 63) {
      throw new IllegalArgumentException(parameter + " has more than 63 entries");
    }
    return List.copyOf(shares);
  }

  /// `m`: noted choices, the first included.
  public int width() {
    return rankShares.size() + 1;
  }

  /// @throws InputFormatException naming the file, where it holds no such parameters
  public static AcceptanceModel read(Path file) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(file), AcceptanceModel.class);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException inner ? inner : e;
      throw InputFormatException.ofSource(
          file.toString(),
          "holds no acceptance parameters: "
              + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
    }
  }

  public void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /// Draws texts with their rollouts. A pure function of the parameters and the seed.
  public Rollouts draw(long seed) {
    return draw(seed, GENERATIONS, LENGTH);
  }

  /// The same in another number and length. The texts' own `δ` have exactly mean 0 and deviation 1.
  Rollouts draw(long seed, int generations, int length) {
    double[] difficulties = difficulties(seed, generations);
    List<Rollouts.Generation> texts = new ArrayList<>(generations);
    for (int g = 0; g < generations; g++) {
      texts.add(new Drawing(seed, g, difficulties[g], length).generation());
    }
    Rollouts.Model none = new Rollouts.Model("synthetic", "");
    return new Rollouts(
        new Rollouts.Header(
            Rollouts.FORMAT_VERSION,
            "",
            none,
            none,
            "",
            Map.of(),
            new Rollouts.Prompts("", ""),
            VOCABULARY,
            depth,
            width()),
        texts);
  }

  private double[] difficulties(long seed, int generations) {
    double[] values = new double[generations];
    var gaussian = ZigguratSampler.NormalizedGaussian.of(RandomStreams.of(seed, STREAM));
    double sum = 0;
    double squares = 0;
    for (int g = 0; g < generations; g++) {
      values[g] = gaussian.sample();
      sum += values[g];
      squares += values[g] * values[g];
    }
    double mean = sum / generations;
    double deviation = Math.sqrt(squares / generations - mean * mean);
    for (int g = 0; g < generations; g++) {
      values[g] = deviation > 0 ? (values[g] - mean) / deviation : 0;
    }
    return values;
  }

  /// One text.
  private final class Drawing {
    private final UniformRandomProvider random;
    private final SharedStateContinuousSampler gaussian;
    private final double own;
    private final double innovation = Math.sqrt((1 - difficulty) * (1 - persistence * persistence));
    private final int length;
    private final int width = width();
    private final double[] deviations;
    private final byte[] ranks;
    private final float[] alternatives;

    /// What follows the text is drawn, too, so that its last positions have continuations.
    Drawing(long seed, int number, double delta, int length) {
      this.random = RandomStreams.of(seed, STREAM, number);
      this.gaussian = ZigguratSampler.NormalizedGaussian.of(random);
      this.own = Math.sqrt(difficulty) * delta;
      this.length = length;
      deviations = new double[length + depth];
      ranks = new byte[length + depth];
      alternatives = new float[(length + depth) * width];
    }

    Rollouts.Generation generation() {
      double deviation = Math.sqrt(1 - difficulty) * gaussian.sample();
      for (int t = 0; t < deviations.length; t++) {
        deviations[t] = deviation;
        double logit = logit(own + deviation);
        addAlternatives(t, logistic(logit));
        ranks[t] = rank(logit);
        deviation = next(deviation);
      }
      float[] continuation = new float[length * (depth - 1)];
      byte[] accepted = new byte[length];
      for (int t = 0; t < length; t++) {
        addContinuation(t, continuation);
        while (accepted[t] < depth && ranks[t + accepted[t]] == 0) {
          accepted[t]++;
        }
      }
      return new Rollouts.Generation(
          "",
          "",
          new int[1],
          new int[length],
          Arrays.copyOf(ranks, length),
          accepted,
          Arrays.copyOf(alternatives, length * width),
          continuation);
    }

    private double next(double deviation) {
      return persistence * deviation + innovation * gaussian.sample();
    }

    private void addAlternatives(int t, double confidence) {
      float above = (float) confidence;
      alternatives[t * width] = above;
      for (int rank = 1; rank < width; rank++) {
        above = Math.min(above, (float) ((1 - confidence) * alternativeShares.get(rank - 1)));
        alternatives[t * width + rank] = above;
      }
    }

    private byte rank(double logit) {
      if (random.nextDouble() < logistic(calibrationIntercept + calibrationSlope * logit)) {
        return 0;
      }
      double rest = random.nextDouble();
      for (int rank = 1; rank < width; rank++) {
        rest -= rankShares.get(rank - 1);
        if (rest < 0) {
          return (byte) rank;
        }
      }
      return (byte) width;
    }

    /// As long as the draft is right it runs over the text; then it diverges.
    private void addContinuation(int t, float[] continuation) {
      double deviation = deviations[t];
      boolean right = true;
      for (int step = 2; step <= depth; step++) {
        int before = t + step - 2;
        right &= ranks[before] == 0;
        float confidence;
        if (right) {
          deviation = deviations[before + 1];
          confidence = alternatives[(before + 1) * width];
        } else {
          deviation = next(deviation);
          confidence = (float) logistic(logit(own - divergence + deviation));
        }
        continuation[t * (depth - 1) + step - 2] = confidence;
      }
    }
  }

  /// `logit c` of a standard normal `x`.
  double logit(double x) {
    return location + scale * (skew == 0 ? x : StrictMath.expm1(skew * x) / skew);
  }

  /// The `x` of a `logit c`; where the skewed distribution does not reach it, the nearest that 8
  /// deviations reach.
  double normal(double logit) {
    double scaled = scale == 0 ? 0 : (logit - location) / scale;
    if (skew == 0) {
      return scaled;
    }
    return Math.clamp(StrictMath.log(Math.max(1 + skew * scaled, Double.MIN_NORMAL)) / skew, -8, 8);
  }

  static double logistic(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }
}
