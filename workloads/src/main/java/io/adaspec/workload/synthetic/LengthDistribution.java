package io.adaspec.workload.synthetic;

import io.adaspec.workload.trace.TokenLengths;
import io.adaspec.workload.trace.Trace;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Distribution of a prompt or output length in tokens. Every sample is at least 1.
public sealed interface LengthDistribution {
  /// Draws one length.
  int sample(UniformRandomProvider random);

  /// Always the same length.
  record Fixed(int tokens) implements LengthDistribution {
    public Fixed {
      requireRange(tokens, tokens);
    }

    @Override
    public int sample(UniformRandomProvider random) {
      return tokens;
    }
  }

  /// Every length from `min` to `max`, both included, with equal probability.
  record Uniform(int min, int max) implements LengthDistribution {
    public Uniform {
      requireRange(min, max);
    }

    @Override
    public int sample(UniformRandomProvider random) {
      return (int) random.nextLong(min, max + 1L);
    }
  }

  /// Log-normal, rounded to the nearest token and clipped: what falls below `min` or above `max` is
  /// set to that bound, so the bounds carry the tails' probability and the median is unchanged.
  ///
  /// @param median median in tokens, between `min` and `max`
  /// @param sigma standard deviation of the logarithm
  record LogNormal(double median, double sigma, int min, int max) implements LengthDistribution {
    public LogNormal {
      requireRange(min, max);
      Nanos.requireNotNegative("sigma", sigma);
      if (!(median >= min && median <= max)) {
        throw new IllegalArgumentException(
            "median %s must lie between %d and %d".formatted(median, min, max));
      }
    }

    @Override
    public int sample(UniformRandomProvider random) {
      double normal = ZigguratSampler.NormalizedGaussian.of(random).sample();
      // StrictMath, so that a seed gives the same lengths on every machine.
      double tokens = median * StrictMath.exp(sigma * normal);
      return (int) Math.clamp(Math.round(tokens), (long) min, (long) max);
    }
  }

  /// The lengths of a sample, each with equal probability.
  record Empirical(List<Integer> tokens) implements LengthDistribution {
    public Empirical {
      tokens = List.copyOf(tokens);
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException("an empirical distribution needs lengths");
      }
      tokens.forEach(length -> requireRange(length, length));
    }

    /// The positive prompt lengths of a trace.
    public static Empirical ofPrompts(Trace trace) {
      return of(trace, TokenLengths::prompt);
    }

    /// The positive output lengths of a trace.
    public static Empirical ofOutputs(Trace trace) {
      return of(trace, TokenLengths::output);
    }

    @Override
    public int sample(UniformRandomProvider random) {
      return tokens.get(random.nextInt(tokens.size()));
    }

    private static Empirical of(Trace trace, ToIntFunction<TokenLengths> length) {
      return new Empirical(
          trace.requests().stream()
              .flatMap(request -> request.lengths().stream())
              .mapToInt(length)
              .filter(tokens -> tokens > 0)
              .boxed()
              .toList());
    }
  }

  private static void requireRange(int min, int max) {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException(
          "lengths need 1 <= min <= max: min " + min + ", max " + max);
    }
  }
}
