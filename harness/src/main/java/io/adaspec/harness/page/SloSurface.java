package io.adaspec.harness.page;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.page.Drawing.Mark;
import io.adaspec.harness.report.Latency;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// Attainment over all pairs of a TTFT and a TPOT objective, from one run.
final class SloSurface {
  private static final int MOST = 30;

  private final List<RunFacts> runs;

  SloSurface(List<RunFacts> runs) {
    this.runs = runs;
  }

  /// One per run, over the same thresholds; none where nothing was served.
  List<Chart> charts() {
    double[] ttft = thresholds(Latency.TTFT, RequestFacts::ttft);
    double[] tpot = thresholds(Latency.TPOT, RequestFacts::tpot);
    if (ttft.length == 0 || tpot.length == 0) {
      return List.of();
    }
    return runs.stream().map(run -> chart(run, ttft, tpot)).toList();
  }

  /// Over all latencies and objectives of the runs.
  private double[] thresholds(Latency latency, ToDoubleFunction<RequestFacts> value) {
    double[] measured =
        runs.stream()
            .flatMap(run -> run.requests().stream())
            .mapToDouble(value)
            .filter(millis -> millis > 0)
            .toArray();
    if (measured.length == 0) {
      return measured;
    }
    DoubleSummaryStatistics all =
        DoubleStream.concat(
                Arrays.stream(measured),
                Marks.objectives(runs, latency, "").stream().mapToDouble(Mark::at))
            .summaryStatistics();
    return Thresholds.between(all.getMin(), all.getMax(), MOST);
  }

  private static Chart chart(RunFacts run, double[] ttft, double[] tpot) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("ttft_ms", "TTFT objective", "ms"),
            new Column("tpot_ms", "TPOT objective", "ms"),
            new Column("attainment_percent", "SLO attainment", "%"));
    double[][] shares = attainment(run.requests(), ttft, tpot);
    for (int i = 0; i < ttft.length; i++) {
      for (int j = 0; j < tpot.length; j++) {
        table.add(run.index(), ttft[i], tpot[j], shares[i][j]);
      }
    }
    List<Mark> marks =
        Stream.concat(
                Marks.objectives(List.of(run), Latency.TTFT, "x").stream(),
                Marks.objectives(List.of(run), Latency.TPOT, "y").stream())
            .toList();
    return new Chart(
        "slo-surface-" + (run.index() + 1),
        "SLO surface: " + run.label(),
        "The colour of a cell is the share of all requests that met both objectives at its lower"
            + " left corner; the lines are the objectives of the run.",
        note(run.report().info().policy()),
        new Drawing.Surface(
            Axis.log("ttft_ms", "TTFT objective", "ms"),
            Axis.log("tpot_ms", "TPOT objective", "ms"),
            "attainment_percent",
            marks),
        table);
  }

  private static String note(String policy) {
    String name = policy.contains(":") ? policy.substring(0, policy.indexOf(':')) : policy;
    Optional<SpeculationPolicyProvider> provider =
        Policies.providers().stream().filter(known -> known.name().equals(name)).findFirst();
    if (provider.isEmpty()) {
      return "This build does not know the policy: if it looks at the objectives, only the point at"
          + " the crossing lines counts.";
    }
    return provider.get().sloAware()
        ? "NOT VALID beyond the crossing lines: this policy looks at the objectives, and under"
            + " others it would have decided otherwise."
        : "Valid everywhere: this policy does not look at the objectives.";
  }

  /// Attainment in percent per pair of thresholds; objectives for the whole reply do not count.
  ///
  /// @param ttft ascending, in milliseconds
  /// @param tpot ascending, in milliseconds
  static double[][] attainment(List<RequestFacts> requests, double[] ttft, double[] tpot) {
    long[][] met = new long[ttft.length][tpot.length];
    for (RequestFacts row : requests) {
      int i = firstAtLeast(ttft, row.leastObjective(Latency.TTFT));
      int j = firstAtLeast(tpot, row.leastObjective(Latency.TPOT));
      if (i < ttft.length && j < tpot.length) {
        met[i][j]++;
      }
    }
    double[][] shares = new double[ttft.length][tpot.length];
    for (int i = 0; i < ttft.length; i++) {
      for (int j = 0; j < tpot.length; j++) {
        met[i][j] +=
            (i > 0 ? met[i - 1][j] : 0)
                + (j > 0 ? met[i][j - 1] : 0)
                - (i > 0 && j > 0 ? met[i - 1][j - 1] : 0);
        shares[i][j] = 100.0 * met[i][j] / requests.size();
      }
    }
    return shares;
  }

  private static int firstAtLeast(double[] ascending, double value) {
    int found = Arrays.binarySearch(ascending, value);
    return found >= 0 ? found : -found - 1;
  }
}
