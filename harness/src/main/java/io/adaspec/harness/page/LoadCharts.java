package io.adaspec.harness.page;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import java.util.List;
import java.util.function.Function;

/// Load over time: latency of arrivals, queue, batch, cache.
final class LoadCharts {
  private static final String BAND =
      " in a window: the line is the mean, the band reaches from the smallest to the largest value;"
          + " a gap is a window without a step.";

  private final List<RunFacts> runs;

  LoadCharts(List<RunFacts> runs) {
    this.runs = runs;
  }

  List<Chart> charts() {
    return List.of(
        overTime(
            runs,
            "ttft-over-time",
            "TTFT over time",
            "TTFT of the requests scheduled to arrive in a window: the line is the mean, the band"
                + " reaches from the smallest to the largest value.",
            Axis.linear("ttft_ms", "TTFT", "ms"),
            RunFacts::ttft),
        overTime(
            runs,
            "queue-over-time",
            "Queue length over time",
            "Requests that wait for admission at the steps" + BAND,
            Axis.linear("waiting", "requests waiting", ""),
            run -> run.steps().waiting),
        overTime(
            runs,
            "batch-over-time",
            "Batch size over time",
            "Decoding requests of the steps" + BAND,
            Axis.linear("batch", "decoding requests", ""),
            run -> run.steps().batch),
        overTime(
            runs,
            "cache-over-time",
            "KV cache in use over time",
            "Cache blocks in use, out of all, at the steps" + BAND,
            Axis.linear("cache_percent", "blocks in use", "%"),
            run -> run.steps().cache));
  }

  /// For [WindowSeries#appendTo].
  static DataTable table(Axis value) {
    return DataTable.of(
        Column.run(),
        new Column("time_s", "Window start", "s"),
        new Column(value.column(), "Mean", value.unit()),
        new Column("low", "Smallest", value.unit()),
        new Column("high", "Largest", value.unit()));
  }

  /// A line with its band per run.
  static Chart overTime(
      List<RunFacts> runs,
      String id,
      String title,
      String reading,
      Axis value,
      Function<RunFacts, WindowSeries> series) {
    DataTable table = table(value);
    runs.forEach(run -> series.apply(run).appendTo(table, run.index()));
    Axis time = Axis.linear("time_s", "time since the start of the run", "s");
    return new Chart(id, title, reading, "", Drawing.Lines.of(time, value), table);
  }
}
