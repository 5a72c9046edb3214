package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.workload.random.RandomStreams;
import java.util.List;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Lets virtual time pass for what a simulated device does: its cost model's durations, times what
/// is injected, times log-normal noise of mean 1.
final class DeviceTime {
  private static final long STREAM = 0x6e6f697365L;

  private final SimulatedDevice device;
  private final ForwardCost draftCost;
  private final Clock.Virtual clock;
  private final Injection.Speed[] injections;
  private final double noise;
  private final SharedStateContinuousSampler gaussian;

  /// @param noise standard deviation of the logarithm of every duration
  DeviceTime(
      SimulatedDevice device,
      Clock.Virtual clock,
      List<Injection> injections,
      double noise,
      long seed) {
    this.device = device;
    this.draftCost = device.draftCost().orElse(null);
    this.clock = clock;
    this.injections =
        injections.stream()
            .filter(Injection.Speed.class::isInstance)
            .toArray(Injection.Speed[]::new);
    this.noise = noise;
    this.gaussian = ZigguratSampler.NormalizedGaussian.of(RandomStreams.of(seed, STREAM));
  }

  void targetForward(ForwardShape shape) {
    pass(device.targetCost().nanos(shape));
  }

  void draftForward(ForwardShape shape) {
    pass(draftCost.nanos(shape));
  }

  /// Host time of a step outside its forwards.
  void stepOverhead(boolean drafted) {
    double nanos = device.stepOverheadNanos() + (drafted ? device.draftOverheadNanos() : 0);
    if (nanos > 0) {
      pass(nanos);
    }
  }

  private void pass(double nanos) {
    if (!(nanos > 0) || nanos > Long.MAX_VALUE) {
      throw new IllegalStateException(device.name() + " takes " + nanos + " ns for a forward");
    }
    double scaled = nanos;
    for (Injection.Speed injection : injections) {
      scaled *= injection.factorAt(clock.nanos());
    }
    if (noise > 0) {
      // StrictMath here and in all that a simulation computes: runs are equal on every machine.
      scaled *= StrictMath.exp(noise * (gaussian.sample() - noise / 2));
    }
    clock.advance(Math.max(1, Math.round(scaled)));
  }
}
