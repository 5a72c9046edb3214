package io.adaspec.workload.synthetic;

import io.adaspec.workload.synthetic.ArrivalProcess.Step;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;

/// Poisson arrivals of a rate that changes in steps. Exact, because exponential gaps have no
/// memory: a gap that would outlast its step is drawn anew from the next step's start.
final class ModulatedPoisson implements DoubleSupplier {
  private final Supplier<Step> steps;
  private final SharedStateContinuousSampler unitExponential;
  private double rate;
  private double now;
  private double stepEnd;

  ModulatedPoisson(Supplier<Step> steps, SharedStateContinuousSampler unitExponential) {
    this.steps = steps;
    this.unitExponential = unitExponential;
  }

  @Override
  public double getAsDouble() {
    while (Double.isFinite(now)) {
      double next = rate == 0 ? stepEnd : now + unitExponential.sample() / rate;
      if (next < stepEnd) {
        now = next;
        return now;
      }
      now = stepEnd;
      Step step = steps.get();
      rate = step.rate();
      stepEnd = now + step.seconds();
    }
    return Double.POSITIVE_INFINITY;
  }
}
