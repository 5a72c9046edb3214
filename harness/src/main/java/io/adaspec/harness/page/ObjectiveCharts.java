package io.adaspec.harness.page;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.report.Breakdown;
import java.util.ArrayList;
import java.util.List;

/// How objectives were met: attainment and goodput over time, and over other objectives.
final class ObjectiveCharts {
  /// Windows of arrivals at most, and requests in one at least, on average; of a short run fewer
  /// requests, so that there is a line to see.
  private static final int WINDOWS = 60;

  private static final int REQUESTS_PER_WINDOW = 20;
  private static final int FEWEST_WINDOWS = 6;

  private final List<RunFacts> runs;
  private final boolean sameWorkload;

  /// @param sameWorkload whether all runs served the same arrivals
  ObjectiveCharts(List<RunFacts> runs, boolean sameWorkload) {
    this.runs = runs;
    this.sameWorkload = sameWorkload;
  }

  List<Chart> charts() {
    List<Chart> charts = new ArrayList<>();
    List<RunFacts> arrived = runs.stream().filter(run -> !run.requests().isEmpty()).toList();
    if (!arrived.isEmpty()) {
      charts.addAll(overTime(grid(arrived)));
    }
    charts.add(byClass());
    charts.addAll(new SloSurface(runs).charts());
    return charts;
  }

  private Chart byClass() {
    DataTable table =
        DataTable.of(
            new Column("class", "SLO class", ""),
            Column.run(),
            new Column("requests", "Requests", ""),
            new Column("attainment_percent", "SLO attainment", "%"),
            new Column("goodput_per_s", "Request goodput", "req/s"));
    for (RunFacts run : runs) {
      for (Breakdown.ByClass row : run.report().summary().byClass()) {
        table.add(row.name(), run.index(), row.requests(), row.attainment(), row.goodput());
      }
    }
    return new Chart(
        "attainment-by-class",
        "SLO attainment by class",
        "Share of a class's requests that met all objectives of their class.",
        "",
        new Drawing.Bars(
            "class", DataTable.RUN, Axis.percent("attainment_percent", "SLO attainment"), false),
        table);
  }

  private static TimeGrid grid(List<RunFacts> runs) {
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    int most = 0;
    for (RunFacts run : runs) {
      start = Math.min(start, run.requests().getFirst().scheduledNanos());
      end = Math.max(end, run.requests().getLast().scheduledNanos());
      most = Math.max(most, run.requests().size());
    }
    return TimeGrid.dividing(
        start, end, Math.clamp(most / REQUESTS_PER_WINDOW, FEWEST_WINDOWS, WINDOWS));
  }

  private List<Chart> overTime(TimeGrid grid) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("time_s", "Window start", "s"),
            new Column("arrivals_per_s", "Arrivals", "req/s"),
            new Column("goodput_per_s", "Request goodput", "req/s"),
            new Column("attainment_percent", "SLO attainment", "%"));
    for (RunFacts run : runs) {
      append(run, grid, table);
    }
    Axis time = Axis.linear("time_s", "scheduled arrival since the start of the run", "s");
    Drawing.Lines goodput =
        Drawing.Lines.of(time, Axis.linear("goodput_per_s", "request goodput", "req/s"));
    return List.of(
        new Chart(
            "goodput-over-time",
            "Request goodput over time",
            "Requests per second that met all their objectives, by scheduled arrival"
                + (sameWorkload ? "; the grey line is what arrived." : "."),
            "",
            sameWorkload ? goodput.withReference("arrivals_per_s") : goodput,
            table),
        new Chart(
            "attainment-over-time",
            "SLO attainment over time",
            "Share of the requests scheduled to arrive in a window that met all their objectives,"
                + " whenever they ended; a gap is a window without arrivals.",
            "",
            Drawing.Lines.of(time, Axis.percent("attainment_percent", "SLO attainment")),
            table));
  }

  private static void append(RunFacts run, TimeGrid grid, DataTable table) {
    long[] arrived = new long[grid.windows()];
    long[] met = new long[grid.windows()];
    for (RequestFacts row : run.requests()) {
      int window = grid.window(row.scheduledNanos());
      arrived[window]++;
      met[window] += row.met() ? 1 : 0;
    }
    // A run that ended earlier than another has no zeros after its end.
    int last = grid.window(run.requests().getLast().scheduledNanos());
    for (int w = 0; w <= last; w++) {
      table.add(
          run.index(),
          grid.seconds(w),
          arrived[w] / grid.widthSeconds(),
          met[w] / grid.widthSeconds(),
          arrived[w] == 0 ? Double.NaN : 100.0 * met[w] / arrived[w]);
    }
  }
}
