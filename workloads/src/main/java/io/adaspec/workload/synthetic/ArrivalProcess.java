package io.adaspec.workload.synthetic;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// A random process of request arrivals. Rates are in requests per second, times in seconds from
/// the start of the process.
///
/// Arrivals are drawn one after the other and never rescaled: a schedule stretched to a wanted
/// length or count would no longer be a sample of the process.
public sealed interface ArrivalProcess {
  /// Starts the process. Every call of the supplier returns the next arrival in seconds, never less
  /// than the one before, and infinity once there are no more.
  DoubleSupplier start(UniformRandomProvider random);

  /// The rate over a long time, or over the process's own length if that is finite.
  double meanRate();

  /// The first `count` arrivals in nanoseconds, rounded to the nearest; fewer if the process ends.
  default long[] first(int count, UniformRandomProvider random) {
    DoubleSupplier arrivals = start(random);
    return Stream.generate(arrivals::getAsDouble)
        .limit(count)
        .takeWhile(Double::isFinite)
        .mapToLong(Nanos::ofSeconds)
        .toArray();
  }

  /// All arrivals before `end`, in nanoseconds, rounded to the nearest. How many there are is
  /// random, as it is for the process.
  default long[] until(Duration end, UniformRandomProvider random) {
    DoubleSupplier arrivals = start(random);
    double endSeconds = end.toNanos() / Nanos.PER_SECOND;
    return Stream.generate(arrivals::getAsDouble)
        .takeWhile(seconds -> seconds < endSeconds)
        .mapToLong(Nanos::ofSeconds)
        .toArray();
  }

  /// Evenly spaced arrivals, the first at 0.
  record Constant(double rate) implements ArrivalProcess {
    public Constant {
      Nanos.requirePositive("rate", rate);
    }

    @Override
    public DoubleSupplier start(UniformRandomProvider random) {
      long[] index = {0};
      return () -> index[0]++ / rate;
    }

    @Override
    public double meanRate() {
      return rate;
    }
  }

  /// Independent exponential gaps.
  record Poisson(double rate) implements ArrivalProcess {
    public Poisson {
      Nanos.requirePositive("rate", rate);
    }

    @Override
    public DoubleSupplier start(UniformRandomProvider random) {
      return sumOf(ZigguratSampler.Exponential.of(random, 1 / rate));
    }

    @Override
    public double meanRate() {
      return rate;
    }
  }

  /// Independent gamma gaps of mean `1 / rate`, the first one counted from 0.
  ///
  /// @param burstiness shape of the gamma distribution, as in vLLM: 1 is Poisson, below 1 bursty
  ///   and above 1 regular. The coefficient of variation of the gaps is `1 / sqrt(burstiness)`.
  record Gamma(double rate, double burstiness) implements ArrivalProcess {
    public Gamma {
      Nanos.requirePositive("rate", rate);
      Nanos.requirePositive("burstiness", burstiness);
    }

    /// Gaps of the coefficient of variation `cv`.
    public static Gamma ofCv(double rate, double cv) {
      Nanos.requirePositive("coefficient of variation", cv);
      return new Gamma(rate, 1 / (cv * cv));
    }

    /// Coefficient of variation of the gaps.
    public double cv() {
      return 1 / Math.sqrt(burstiness);
    }

    @Override
    public DoubleSupplier start(UniformRandomProvider random) {
      return sumOf(
          AhrensDieterMarsagliaTsangGammaSampler.of(random, burstiness, 1 / (rate * burstiness)));
    }

    @Override
    public double meanRate() {
      return rate;
    }
  }

  /// Poisson arrivals whose rate alternates between two values for exponentially distributed times.
  /// It starts in the state it would be found in at a random moment.
  ///
  /// @param onRate rate during a burst, positive
  /// @param offRate rate between bursts, may be 0
  /// @param meanOnSeconds mean length of a burst
  /// @param meanOffSeconds mean length of the time between bursts
  record OnOff(double onRate, double offRate, double meanOnSeconds, double meanOffSeconds)
      implements ArrivalProcess {
    public OnOff {
      Nanos.requirePositive("on rate", onRate);
      Nanos.requireNotNegative("off rate", offRate);
      Nanos.requirePositive("mean on seconds", meanOnSeconds);
      Nanos.requirePositive("mean off seconds", meanOffSeconds);
    }

    @Override
    public DoubleSupplier start(UniformRandomProvider random) {
      SharedStateContinuousSampler unit = ZigguratSampler.Exponential.of(random);
      boolean[] on = {random.nextDouble() * (meanOnSeconds + meanOffSeconds) >= meanOnSeconds};
      return new ModulatedPoisson(
          () -> {
            on[0] = !on[0];
            return on[0]
                ? new Step(onRate, unit.sample() * meanOnSeconds)
                : new Step(offRate, unit.sample() * meanOffSeconds);
          },
          unit);
    }

    @Override
    public double meanRate() {
      return (onRate * meanOnSeconds + offRate * meanOffSeconds) / (meanOnSeconds + meanOffSeconds);
    }
  }

  /// Poisson arrivals whose rate follows a fixed sequence of steps; it ends with the last one.
  record Steps(List<Step> steps) implements ArrivalProcess {
    public Steps {
      steps = List.copyOf(steps);
      if (steps.isEmpty()) {
        throw new IllegalArgumentException("a stepped process has at least one step");
      }
    }

    /// Steps given one by one.
    public static Steps of(Step... steps) {
      return new Steps(Arrays.asList(steps));
    }

    @Override
    public DoubleSupplier start(UniformRandomProvider random) {
      var remaining = steps.iterator();
      return new ModulatedPoisson(
          () -> remaining.hasNext() ? remaining.next() : Step.END,
          ZigguratSampler.Exponential.of(random));
    }

    /// Length of all steps together, in seconds.
    public double seconds() {
      return steps.stream().mapToDouble(Step::seconds).sum();
    }

    @Override
    public double meanRate() {
      return steps.stream().mapToDouble(step -> step.rate() * step.seconds()).sum() / seconds();
    }
  }

  /// A time of constant rate.
  record Step(double rate, double seconds) {
    static final Step END = new Step(0, Double.POSITIVE_INFINITY);

    public Step {
      Nanos.requireNotNegative("rate", rate);
      if (!(seconds >= 0)) {
        throw new IllegalArgumentException("seconds must not be negative: " + seconds);
      }
    }
  }

  private static DoubleSupplier sumOf(SharedStateContinuousSampler gaps) {
    double[] now = {0};
    return () -> now[0] += gaps.sample();
  }
}
