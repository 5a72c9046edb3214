package io.adaspec.harness.sweep;

import io.adaspec.harness.report.Regret;
import io.adaspec.harness.report.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What came of a matrix: per setting and policy the means over seeds of every metric.
final class MatrixResult {
  static final String BASELINE = "autoregressive";

  /// The least attainment, in percent, of a policy that keeps its objectives.
  static final double KEPT_PERCENT = 90;

  private static final String ADAPTIVE = "adaspec";

  /// Service, deployment and load.
  record Setting(String service, String deployment, double load) {}

  private final Map<Setting, Map<String, Map<String, Double>>> values = new LinkedHashMap<>();
  private final Set<String> policies = new LinkedHashSet<>();

  /// @param rows some of the matrix's cells
  MatrixResult(Matrix matrix, List<Sweep.Row> rows) {
    Map<Cell, Map<String, Double>> byCell = new LinkedHashMap<>();
    rows.forEach(row -> byCell.put(row.cell(), row.values()));
    Map<Setting, Map<String, List<Map<String, Double>>>> seeds = new LinkedHashMap<>();
    for (Matrix.Point point : matrix.points()) {
      Map<String, Double> found = byCell.get(point.cell());
      if (found != null) {
        policies.add(point.cell().policy());
        seeds
            .computeIfAbsent(
                new Setting(point.service(), point.cell().deployment(), point.load()),
                _ -> new LinkedHashMap<>())
            .computeIfAbsent(point.cell().policy(), _ -> new ArrayList<>())
            .add(found);
      }
    }
    seeds.forEach(
        (setting, runs) -> {
          Map<String, Map<String, Double>> means = new LinkedHashMap<>();
          runs.forEach((policy, each) -> means.put(policy, mean(each)));
          values.put(setting, means);
        });
  }

  private static Map<String, Double> mean(List<Map<String, Double>> runs) {
    Map<String, Double> mean = new LinkedHashMap<>();
    for (String key : runs.getFirst().keySet()) {
      double sum = runs.stream().mapToDouble(run -> run.get(key)).sum();
      mean.put(key, sum / runs.size());
    }
    return mean;
  }

  List<Setting> settings() {
    return List.copyOf(values.keySet());
  }

  List<String> policies() {
    return List.copyOf(policies);
  }

  /// NaN where there is no such run or the metric is undefined.
  double value(Setting setting, String policy, String metric) {
    return values.get(setting).getOrDefault(policy, Map.of()).getOrDefault(metric, Double.NaN);
  }

  boolean keeps(Setting setting, String policy) {
    return value(setting, policy, Scalar.ATTAINMENT.key()) >= KEPT_PERCENT;
  }

  /// The policy with the lowest mean latency.
  String fastest(Setting setting, List<String> among) {
    return among.stream()
        .filter(policy -> !Double.isNaN(value(setting, policy, CellMetric.MEAN_E2E)))
        .min(Comparator.comparingDouble(policy -> value(setting, policy, CellMetric.MEAN_E2E)))
        .orElse("");
  }

  /// What can be deployed: all but the oracle.
  List<String> competitors() {
    return policies.stream().filter(policy -> !policy.equals(Regret.ORACLE)).toList();
  }

  /// Speculative policies that are neither AdaSpec's nor made from it.
  List<String> rivals() {
    return competitors().stream()
        .filter(policy -> !policy.equals(BASELINE) && !isAdaptive(policy))
        .toList();
  }

  /// AdaSpec's policy and what is made from it.
  List<String> adaptive() {
    return policies.stream().filter(MatrixResult::isAdaptive).toList();
  }

  private static boolean isAdaptive(String policy) {
    return policy.startsWith(ADAPTIVE);
  }

  /// By how much a policy is faster than the fastest rival: that one's mean latency by its own.
  double overBestRival(Setting setting, String policy) {
    return value(setting, fastest(setting, rivals()), CellMetric.MEAN_E2E)
        / value(setting, policy, CellMetric.MEAN_E2E);
  }
}
