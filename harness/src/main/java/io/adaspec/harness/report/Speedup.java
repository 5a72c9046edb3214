package io.adaspec.harness.report;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// How much faster a run is than a baseline on the same workload, seed and device.
public enum Speedup implements Metric {
  MEAN_E2E_SPEEDUP(
      "Speedup of mean E2EL", "baseline's mean E2EL / this run's", Distribution::meanMillis),
  P99_E2E_SPEEDUP(
      "Speedup of P99 E2EL",
      "baseline's P99 E2EL / this run's",
      latency -> latency.percentileMillis(99));

  private final String label;
  private final String formula;
  private final ToDoubleFunction<Distribution> latency;

  Speedup(String label, String formula, ToDoubleFunction<Distribution> latency) {
    this.label = label;
    this.formula = formula;
    this.latency = latency;
  }

  /// NaN where either completed no request.
  public double value(Summary baseline, Summary run) {
    return latency.applyAsDouble(baseline.latency(Latency.E2E))
        / latency.applyAsDouble(run.latency(Latency.E2E));
  }

  @Override
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String unit() {
    return "x";
  }

  @Override
  public Direction direction() {
    return Direction.HIGHER_IS_BETTER;
  }

  @Override
  public String formula() {
    return formula;
  }
}
