package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.RunInfo;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.TDistribution;

/// Several policies, each run with several seeds: means over the seeds and their confidence
/// intervals by Student's t. A speedup is taken per seed, against the baseline's run of that seed,
/// and averaged geometrically, so that what a seed does to both cancels.
public final class RepeatTable {
  private static final double CONFIDENCE = 0.95;
  private static final String AUTOREGRESSIVE = "autoregressive";
  private static final String FIXED = "fixed:";
  private static final int NARROWEST = 16;

  /// An estimate from several seeds.
  ///
  /// @param low end of the interval, NaN where one value gives none; also `high`
  /// @param values there were
  public record Interval(double mean, double low, double high, int values) {
    /// Of the mean of independent values; those that are NaN do not count.
    public static Interval of(double... values) {
      double[] defined = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
      int n = defined.length;
      double mean = Arrays.stream(defined).average().orElse(Double.NaN);
      if (n < 2) {
        return new Interval(mean, Double.NaN, Double.NaN, n);
      }
      double squares = 0;
      for (double value : defined) {
        squares += (value - mean) * (value - mean);
      }
      double half =
          TDistribution.of(n - 1).inverseSurvivalProbability((1 - CONFIDENCE) / 2)
              * Math.sqrt(squares / (n - 1) / n);
      return new Interval(mean, mean - half, mean + half, n);
    }

    /// Of the geometric mean of independent ratios.
    public static Interval ofRatios(double... ratios) {
      double[] logs = new double[ratios.length];
      for (int i = 0; i < ratios.length; i++) {
        logs[i] = Math.log(ratios[i]);
      }
      Interval log = of(logs);
      return new Interval(Math.exp(log.mean), Math.exp(log.low), Math.exp(log.high), log.values);
    }
  }

  private final Map<String, Map<Long, RunReport>> bySeed = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final int width;

  private RepeatTable(List<RunReport> reports) {
    reports.stream()
        .collect(
            Collectors.groupingBy(
                report -> report.info().seed(), TreeMap::new, Collectors.toList()))
        .values()
        .forEach(ComparisonTable::baseline);
    for (RunReport report : reports) {
      RunInfo info = report.info();
      RunReport twin =
          bySeed
              .computeIfAbsent(info.policy(), policy -> new TreeMap<>())
              .putIfAbsent(info.seed(), report);
      if (twin != null) {
        throw new IllegalArgumentException(
            "two runs of " + info.policy() + " with seed " + info.seed());
      }
    }
    int longest = bySeed.keySet().stream().mapToInt(String::length).max().orElse(0);
    this.width = Math.max(NARROWEST, longest + 1);
  }

  /// Whether the runs have several seeds, so that this table and not [ComparisonTable] is theirs.
  public static boolean fits(List<RunReport> reports) {
    return reports.stream().map(report -> report.info().seed()).distinct().count() > 1;
  }

  /// @throws IllegalArgumentException where runs of a seed do not compare, or a policy has two
  public static String of(List<RunReport> reports) {
    return new RepeatTable(reports).print();
  }

  private String print() {
    Optional<String> fixed = bestFixed();
    boolean plain = bySeed.containsKey(AUTOREGRESSIVE);
    boolean oracle = bySeed.containsKey(Regret.ORACLE);
    line(
        "policy",
        "seeds",
        "E2EL mean ms",
        plain ? "x autoregressive" : "",
        fixed.map(best -> "x " + best).orElse(""),
        "TTFT ms",
        "TPOT ms",
        "SLO %",
        "good req/s",
        oracle ? "regret %" : "");
    boolean invalid = false;
    for (Map.Entry<String, Map<Long, RunReport>> entry : bySeed.entrySet()) {
      String policy = entry.getKey();
      boolean valid = entry.getValue().values().stream().allMatch(run -> run.validity().valid());
      invalid |= !valid;
      line(
          policy + (valid ? "" : "!"),
          String.valueOf(entry.getValue().size()),
          mean(policy, RepeatTable::meanE2eMillis),
          plain ? ratio(speedup(AUTOREGRESSIVE, policy)) : "",
          fixed.map(best -> ratio(speedup(best, policy))).orElse(""),
          mean(policy, run -> run.latency(Latency.TTFT).meanMillis()),
          mean(policy, run -> run.latency(Latency.TPOT).meanMillis()),
          mean(policy, run -> run.value(Scalar.ATTAINMENT)),
          mean(policy, run -> run.value(Scalar.GOODPUT)),
          oracle ? mean(regret(policy)) : "");
    }
    text.append("means over seeds with 95 % confidence intervals (Student's t); x: speedup of mean")
        .append(" E2EL,\npaired by seed, geometric mean\n");
    if (oracle) {
      text.append("regret: share of the oracle's speedup that the policy misses, paired by seed\n");
    }
    fixed.ifPresent(
        best ->
            text.append(best)
                .append(" is the best fixed length in hindsight, chosen from these runs\n"));
    if (invalid) {
      text.append("! a run's result is INVALID\n");
    }
    return text.toString();
  }

  private Optional<String> bestFixed() {
    return bySeed.keySet().stream()
        .filter(policy -> policy.startsWith(FIXED))
        .min(
            Comparator.comparingDouble(
                policy -> interval(policy, RepeatTable::meanE2eMillis).mean()));
  }

  private static double meanE2eMillis(Summary run) {
    return run.latency(Latency.E2E).meanMillis();
  }

  private Interval speedup(String baseline, String policy) {
    Map<Long, RunReport> base = bySeed.get(baseline);
    Map<Long, RunReport> runs = bySeed.get(policy);
    return Interval.ofRatios(
        runs.keySet().stream()
            .filter(base::containsKey)
            .mapToDouble(
                seed ->
                    Speedup.MEAN_E2E_SPEEDUP.value(
                        base.get(seed).summary(), runs.get(seed).summary()))
            .toArray());
  }

  /// Against the oracle's run of the same seed.
  private Interval regret(String policy) {
    Map<Long, RunReport> oracle = bySeed.get(Regret.ORACLE);
    Map<Long, RunReport> runs = bySeed.get(policy);
    return Interval.of(
        runs.keySet().stream()
            .filter(oracle::containsKey)
            .mapToDouble(
                seed ->
                    Regret.MEAN_E2E_REGRET.value(
                        oracle.get(seed).summary(), runs.get(seed).summary()))
            .toArray());
  }

  private Interval interval(String policy, ToDoubleFunction<Summary> value) {
    return Interval.of(
        bySeed.get(policy).values().stream().map(RunReport::summary).mapToDouble(value).toArray());
  }

  private String mean(String policy, ToDoubleFunction<Summary> value) {
    return mean(interval(policy, value));
  }

  private static String mean(Interval interval) {
    if (Double.isNaN(interval.low)) {
      return number(interval.mean);
    }
    return number(interval.mean) + " ±" + number(interval.high - interval.mean);
  }

  private static String ratio(Interval interval) {
    if (Double.isNaN(interval.low)) {
      return number(interval.mean);
    }
    return String.format(ROOT, "%.2f [%.2f, %.2f]", interval.mean, interval.low, interval.high);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(ROOT, value < 100 ? "%.2f" : "%.1f", value);
  }

  private void line(
      String policy,
      String seeds,
      String e2e,
      String plain,
      String fixed,
      String ttft,
      String tpot,
      String slo,
      String good,
      String regret) {
    String line =
        String.format(
            ROOT,
            "%-" + width + "s %5s %17s %19s %19s %15s %13s %14s %13s %13s",
            policy,
            seeds,
            e2e,
            plain,
            fixed,
            ttft,
            tpot,
            slo,
            good,
            regret);
    text.append(line.stripTrailing()).append('\n');
  }
}
