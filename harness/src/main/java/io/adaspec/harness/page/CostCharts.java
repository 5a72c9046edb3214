package io.adaspec.harness.page;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.report.Breakdown;
import java.util.List;
import java.util.function.Function;

/// Where time went, and how well it was predicted.
final class CostCharts {
  private final List<RunFacts> runs;

  CostCharts(List<RunFacts> runs) {
    this.runs = runs;
  }

  List<Chart> charts() {
    return List.of(
        stepTime(),
        wastedTokens(),
        wastedTime(),
        prediction("draft", "Draft", steps -> steps.draft),
        prediction("verify", "Verification", steps -> steps.verify));
  }

  private Chart stepTime() {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("part", "Part", ""),
            new Column("time_s", "Time", "s"),
            new Column("share_percent", "Share of step time", "%"));
    for (RunFacts run : runs) {
      StepFacts.StepTime time = run.steps().time;
      if (time.total > 0) {
        part(table, run, "target forwards", time.verify);
        part(table, run, "draft forwards", time.draft);
        part(table, run, "draft prefill", time.prefillDraft);
        part(table, run, "policy", time.policy);
        part(table, run, "everything else", time.rest());
      }
    }
    return new Chart(
        "step-time",
        "Where step time went",
        "Sums over all steps: everything but the target's forwards is the price of speculation and"
            + " of the engine.",
        "Time between steps, in which the engine was idle, is not in it.",
        new Drawing.Bars(DataTable.RUN, "part", Axis.linear("time_s", "time in steps", "s"), true),
        table);
  }

  private static void part(DataTable table, RunFacts run, String name, long nanos) {
    table.add(run.index(), name, nanos / 1e9, 100.0 * nanos / run.steps().time.total);
  }

  private Chart wastedTokens() {
    return waste(
        "waste-tokens",
        "What became of drafted tokens",
        "Only accepted in time is gain: pruned tokens cost drafting, rejected and late ones"
            + " drafting and verifying.",
        Axis.percent("share_percent", "share of drafted tokens"));
  }

  private Chart wastedTime() {
    return waste(
        "waste-time",
        "Time charged to drafted tokens",
        "A step's draft time is charged in equal shares to its drafted tokens, its target forward"
            + " in equal shares to all rows: right of the first part, it bought nothing.",
        Axis.linear("charged_s", "drafting and verifying", "s"));
  }

  private Chart waste(String id, String title, String reading, Axis value) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("fate", "Fate", ""),
            new Column("tokens", "Tokens", "tokens"),
            new Column("share_percent", "Share of drafted tokens", "%"),
            new Column("draft_s", "Drafting", "s"),
            new Column("verify_s", "Verifying", "s"),
            new Column("charged_s", "Both", "s"));
    for (RunFacts run : runs) {
      for (Breakdown.ByFate row : run.report().summary().byFate()) {
        if (row.tokens() > 0) {
          table.add(
              run.index(),
              row.fate().label(),
              row.tokens(),
              row.share(),
              row.draftSeconds(),
              row.verifySeconds(),
              row.draftSeconds() + row.verifySeconds());
        }
      }
    }
    return new Chart(
        id, title, reading, "", new Drawing.Bars(DataTable.RUN, "fate", value, true), table);
  }

  private Chart prediction(String id, String title, Function<StepFacts, Predictions> phase) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("predicted_ms", "Predicted", "ms"),
            new Column("measured_ms", "Measured", "ms"),
            new Column("count", "Steps", ""));
    runs.forEach(run -> phase.apply(run.steps()).appendTo(table, run.index()));
    return new Chart(
        "prediction-" + id,
        title + " time, predicted against measured",
        "On the diagonal the cost model was right, above it the step took longer; the area of a dot"
            + " is the number of steps in that cell of 10 %.",
        "",
        new Drawing.Dots(
            Axis.log("predicted_ms", "predicted", "ms"), Axis.log("measured_ms", "measured", "ms")),
        table);
  }
}
