package io.adaspec.harness.report;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/// How far a simulated run stays behind the oracle's on the same workload, seed and device.
public enum Regret implements Metric {
  MEAN_E2E_REGRET(
      "Regret of mean E2EL",
      "1 - oracle's mean E2EL / this run's: the share of the oracle's speedup that is missed",
      run -> run.latency(Latency.E2E).meanMillis(),
      (oracle, run) -> 1 - oracle / run),
  GOODPUT_REGRET(
      "Regret of goodput",
      "1 - this run's request goodput / the oracle's",
      run -> run.value(Scalar.GOODPUT),
      (oracle, run) -> 1 - run / oracle);

  /// The policy that regret is measured against.
  public static final String ORACLE = "oracle";

  private static final double PERCENT = 100;

  private final String label;
  private final String formula;
  private final ToDoubleFunction<Summary> measure;
  private final DoubleBinaryOperator missed;

  Regret(
      String label,
      String formula,
      ToDoubleFunction<Summary> measure,
      DoubleBinaryOperator missed) {
    this.label = label;
    this.formula = formula;
    this.measure = measure;
    this.missed = missed;
  }

  /// In percent; NaN where either is undefined.
  public double value(Summary oracle, Summary run) {
    return value(measure.applyAsDouble(oracle), measure.applyAsDouble(run));
  }

  /// In percent, from the two runs' values of what is compared.
  public double value(double oracle, double run) {
    double share = missed.applyAsDouble(oracle, run);
    return Double.isInfinite(share) ? Double.NaN : PERCENT * share;
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
    return "%";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER_IS_BETTER;
  }

  @Override
  public String formula() {
    return formula;
  }
}
