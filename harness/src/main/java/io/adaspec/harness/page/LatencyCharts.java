package io.adaspec.harness.page;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.page.Drawing.Mark;
import io.adaspec.harness.report.Distribution;
import io.adaspec.harness.report.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/// Latencies: percentile spectra and cumulative shares.
final class LatencyCharts {
  private static final int TICKS_PER_HALF_DISTANCE = 5;
  private static final int CDF_POINTS = 200;

  private final List<RunFacts> runs;

  LatencyCharts(List<RunFacts> runs) {
    this.runs = runs;
  }

  List<Chart> charts() {
    List<Chart> charts = new ArrayList<>();
    for (Latency latency : List.of(Latency.TTFT, Latency.TPOT, Latency.ITL, Latency.E2E)) {
      charts.add(spectrum(latency));
    }
    for (Latency latency : List.of(Latency.TTFT, Latency.TPOT, Latency.E2E)) {
      List<Mark> objectives = Marks.objectives(runs, latency, "x");
      if (latency != Latency.E2E || !objectives.isEmpty()) {
        charts.add(cumulative(latency, objectives));
      }
    }
    return charts;
  }

  /// The percentiles at which HdrHistogram prints its own spectrum.
  private Chart spectrum(Latency latency) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("percentile", "Percentile", "%"),
            new Column("value_ms", latency.label(), "ms"),
            new Column("supported", "Enough requests", "1 = yes"));
    for (RunFacts run : runs) {
      Distribution distribution = run.report().summary().latency(latency);
      Histogram histogram = run.report().summary().histograms().get(latency.key());
      for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF_DISTANCE)) {
        double percentile = value.getPercentileLevelIteratedTo();
        table.add(
            run.index(),
            percentile,
            value.getValueIteratedTo() / 1e6,
            percentile < 50 || distribution.supports(percentile) ? 1 : 0);
      }
    }
    return new Chart(
        "spectrum-" + latency.key(),
        latency.title(),
        "The latency that this percentage of the samples does not exceed; the axis stretches the"
            + " tail, and the line is dotted where there are too few requests for the percentile at"
            + " 99 % confidence.",
        latency.label() + " = " + latency.formula() + ".",
        Drawing.Lines.of(
            Axis.nines("percentile", "Percentile"), Axis.linear("value_ms", latency.label(), "ms")),
        table);
  }

  private Chart cumulative(Latency latency, List<Mark> objectives) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("limit_ms", latency.label() + " limit", "ms"),
            new Column("share_percent", "Requests within it", "%"));
    for (RunFacts run : runs) {
      double[] sorted =
          run.requests().stream()
              .mapToDouble(row -> row.leastObjective(latency))
              .sorted()
              .toArray();
      int never = (int) Arrays.stream(sorted).filter(Double::isInfinite).count();
      int always = (int) Arrays.stream(sorted).filter(value -> value == 0).count();
      for (int i : Samples.indices(sorted.length - never - always, CDF_POINTS)) {
        table.add(run.index(), sorted[always + i], 100.0 * (always + i + 1) / sorted.length);
      }
    }
    return new Chart(
        "cdf-" + latency.key().toLowerCase(Locale.ROOT),
        latency.label() + " within a limit",
        "The height at a limit is the share of all requests that arrived and met it; a line that"
            + " ends below 100 % lost requests.",
        "",
        Drawing.Lines.of(
                Axis.log("limit_ms", latency.label() + " limit", "ms"),
                Axis.percent("share_percent", "requests within it"))
            .with(objectives),
        table);
  }
}
