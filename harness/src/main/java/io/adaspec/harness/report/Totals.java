package io.adaspec.harness.report;

import java.util.function.ToDoubleFunction;

/// Values of metrics in terms of a summary's totals.
final class Totals {
  private Totals() {}

  static ToDoubleFunction<Summary> of(ToDoubleFunction<RequestTotals> value) {
    return summary -> value.applyAsDouble(summary.requests());
  }

  /// A count that is undefined where no target told it.
  static ToDoubleFunction<Summary> told(ToDoubleFunction<RequestTotals> value) {
    return of(totals -> totals.told == 0 ? Double.NaN : value.applyAsDouble(totals));
  }

  static ToDoubleFunction<Summary> step(ToDoubleFunction<StepTotals> value) {
    return summary ->
        summary.steps().steps == 0 ? Double.NaN : value.applyAsDouble(summary.steps());
  }

  /// Undefined where no steps were recorded.
  static ToDoubleFunction<Summary> ledger(ToDoubleFunction<WasteLedger> value) {
    return summary ->
        summary.steps().steps == 0 ? Double.NaN : value.applyAsDouble(summary.ledger());
  }

  /// NaN where `whole` is nothing.
  static double ratio(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }

  static double percent(double part, double whole) {
    return 100 * ratio(part, whole);
  }
}
