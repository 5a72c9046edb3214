package io.adaspec.harness.compare;

import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Metric.Direction;
import io.adaspec.harness.report.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// Which measures can fail a comparison, and by how much.
///
/// Without a choice, [#DEFAULT_REAL] are gated of real runs, means and shares at 5 % and tails at
/// 10 %, and of deterministic ones every measure that has a direction, at 0. With one, exactly the
/// chosen measures are: fewer questions leave each its share of the error rate.
public final class Gates {
  static final double THRESHOLD = 0.05;
  static final double TAIL_THRESHOLD = 0.10;

  static final List<Measure> DEFAULT_REAL =
      List.of(
          Measure.mean(Latency.TTFT),
          Measure.percentile(Latency.TTFT, 99),
          Measure.mean(Latency.TPOT),
          Measure.percentile(Latency.TPOT, 99),
          Measure.mean(Latency.E2E),
          Measure.percentile(Latency.E2E, 99),
          Measure.of(Scalar.ATTAINMENT),
          Measure.of(Scalar.GOODPUT),
          Measure.of(Scalar.OUTPUT_THROUGHPUT),
          Measure.of(Scalar.ACCEPTANCE_RATE),
          Measure.of(Scalar.ACCEPTANCE_LENGTH),
          Measure.of(Scalar.DRAFT_EFFICIENCY));

  private static final List<Measure> INFORMATIVE_REAL =
      List.of(
          Measure.percentile(Latency.TTFT, 50),
          Measure.percentile(Latency.TTFT, 90),
          Measure.percentile(Latency.TPOT, 50),
          Measure.percentile(Latency.TPOT, 90),
          Measure.mean(Latency.ITL),
          Measure.percentile(Latency.ITL, 99),
          Measure.percentile(Latency.E2E, 50),
          Measure.percentile(Latency.E2E, 90),
          Measure.of(Scalar.REQUEST_THROUGHPUT),
          Measure.of(Scalar.CONTROLLER_OVERHEAD));

  private final Map<Measure, Double> chosen = new LinkedHashMap<>();

  /// @param gates empty for the defaults
  /// @throws IllegalArgumentException where a measure is gated twice
  public Gates(List<Gate> gates) {
    for (Gate gate : gates) {
      if (chosen.put(gate.measure(), gate.threshold()) != null) {
        throw new IllegalArgumentException(gate.measure().key() + " is gated twice");
      }
    }
  }

  /// Measures that were asked for; empty for the defaults.
  Set<Measure> chosen() {
    return chosen.keySet();
  }

  /// What is estimated of real runs.
  List<Measure> real() {
    Set<Measure> measures = new LinkedHashSet<>(chosen.keySet());
    measures.addAll(DEFAULT_REAL);
    measures.addAll(INFORMATIVE_REAL);
    return List.copyOf(measures);
  }

  /// What is compared of deterministic runs.
  List<Measure> deterministic() {
    Set<Measure> measures = new LinkedHashSet<>(chosen.keySet());
    measures.addAll(Measure.all());
    return new ArrayList<>(measures);
  }

  /// The relative threshold of a measure of real runs; empty where it is not gated.
  OptionalDouble real(Measure measure) {
    return chosen.isEmpty()
        ? DEFAULT_REAL.contains(measure)
            ? OptionalDouble.of(measure.tail() ? TAIL_THRESHOLD : THRESHOLD)
            : OptionalDouble.empty()
        : chosen(measure);
  }

  /// See [#real(Measure)].
  OptionalDouble deterministic(Measure measure) {
    return chosen.isEmpty()
        ? measure.metric().direction() == Direction.NONE
            ? OptionalDouble.empty()
            : OptionalDouble.of(0)
        : chosen(measure);
  }

  private OptionalDouble chosen(Measure measure) {
    return chosen.containsKey(measure)
        ? OptionalDouble.of(chosen.get(measure))
        : OptionalDouble.empty();
  }
}
