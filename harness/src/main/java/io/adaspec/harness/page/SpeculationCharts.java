package io.adaspec.harness.page;

import static java.util.Locale.ROOT;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.page.Drawing.Axis;
import io.adaspec.harness.report.Breakdown;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// What the policies chose, and what the target made of it.
final class SpeculationCharts {
  private static final int MOST_CATEGORIES = 16;

  private final List<RunFacts> runs;

  SpeculationCharts(List<RunFacts> runs) {
    this.runs = runs;
  }

  List<Chart> charts() {
    return List.of(
        LoadCharts.overTime(
            runs,
            "length-over-time",
            "Chosen speculation length over time",
            "Draft tokens verified per decoding request and step: the line is the mean over the"
                + " window's steps, the band reaches from the smallest to the largest; a gap is a"
                + " window in which nothing was decoded.",
            Axis.linear("length", "k, draft tokens per request", ""),
            run -> run.steps().length),
        byBatch(),
        byDepth(),
        byCategory(),
        calibration());
  }

  private Chart byBatch() {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("batch", "Batch", "requests"),
            new Column("steps", "Steps", ""),
            new Column("drafted", "Drafted per request", "tokens"),
            new Column("verified", "Verified per request", "tokens"));
    for (RunFacts run : runs) {
      run.steps()
          .byBatch
          .forEach(
              (batch, lengths) ->
                  table.add(
                      run.index(),
                      batch,
                      lengths.steps,
                      (double) lengths.drafted / lengths.requests,
                      (double) lengths.verified / lengths.requests));
    }
    return new Chart(
        "length-by-batch",
        "Chosen speculation length by batch size",
        "Mean draft tokens verified per request in steps of that batch size: an adaptive policy"
            + " falls where a fixed one is level.",
        "",
        Drawing.Lines.of(
            Axis.linear("batch", "decoding requests", ""),
            Axis.linear("verified", "k, draft tokens per request", "")),
        table);
  }

  private Chart byDepth() {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("depth", "Position", ""),
            new Column("judged", "Judged", "tokens"),
            new Column("accepted", "Accepted", "tokens"),
            new Column("acceptance_percent", "Acceptance", "%"));
    for (RunFacts run : runs) {
      for (Breakdown.ByDepth row : run.report().summary().byDepth()) {
        table.add(run.index(), row.depth(), row.judged(), row.accepted(), row.acceptance());
      }
    }
    return new Chart(
        "acceptance-by-position",
        "Acceptance by position",
        "Share of the draft tokens at a position that the target accepted, given that it had"
            + " accepted all before: a falling line makes long proposals pay less.",
        "",
        Drawing.Lines.of(
            Axis.linear("depth", "position in the proposal", ""),
            Axis.percent("acceptance_percent", "acceptance")),
        table);
  }

  private Chart byCategory() {
    DataTable table =
        DataTable.of(
            new Column("category", "Category", ""),
            Column.run(),
            new Column("requests", "Requests", ""),
            new Column("verified", "Verified", "tokens"),
            new Column("accepted", "Accepted", "tokens"),
            new Column("acceptance_percent", "Acceptance rate", "%"),
            new Column("acceptance_length", "Acceptance length", "tokens"));
    List<String> categories = categories();
    for (String category : categories) {
      for (RunFacts run : runs) {
        for (Breakdown.ByCategory row : run.report().summary().byCategory()) {
          if (row.name().equals(category) && row.verified() > 0) {
            table.add(
                category,
                run.index(),
                row.requests(),
                row.verified(),
                row.accepted(),
                row.acceptance(),
                row.acceptanceLength());
          }
        }
      }
    }
    return new Chart(
        "acceptance-by-category",
        "Acceptance by category",
        "Share of verified draft tokens that the target accepted, by the category of the prompt.",
        categories.size() == MOST_CATEGORIES
            ? "The " + MOST_CATEGORIES + " categories with the most requests."
            : "",
        new Drawing.Bars(
            "category",
            DataTable.RUN,
            Axis.percent("acceptance_percent", "acceptance rate"),
            false),
        table);
  }

  private List<String> categories() {
    Map<String, Long> requests = new TreeMap<>();
    for (RunFacts run : runs) {
      for (Breakdown.ByCategory row : run.report().summary().byCategory()) {
        requests.merge(row.name(), row.requests(), Long::sum);
      }
    }
    List<String> byRequests = new ArrayList<>(requests.keySet());
    byRequests.sort(Comparator.comparing(requests::get).reversed());
    return byRequests.stream().limit(MOST_CATEGORIES).sorted().toList();
  }

  private Chart calibration() {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("from", "Confidence from", ""),
            new Column("to", "To", ""),
            new Column("judged", "Judged", "tokens"),
            new Column("confidence_percent", "Mean confidence", "%"),
            new Column("acceptance_percent", "Acceptance", "%"));
    StringJoiner scores = new StringJoiner("; ", "Calibration error and Brier score: ", ".");
    for (RunFacts run : runs) {
      Summary summary = run.report().summary();
      double brier = summary.value(Scalar.BRIER_SCORE);
      if (!Double.isNaN(brier)) {
        for (Breakdown.ByConfidence bin : summary.byConfidence()) {
          if (bin.judged() > 0) {
            table.add(
                run.index(),
                bin.from(),
                bin.to(),
                bin.judged(),
                100 * bin.meanConfidence(),
                bin.acceptance());
          }
        }
        double error = summary.value(Scalar.CALIBRATION_ERROR);
        scores.add(String.format(ROOT, "%s %.1f %%, %.3f", run.label(), error, brier));
      }
    }
    return new Chart(
        "calibration",
        "Calibration of draft confidence",
        "Above the diagonal the target accepts more than the draft's confidence says, below it"
            + " less; a policy that takes confidence for acceptance errs by the distance.",
        scores.toString(),
        Drawing.Lines.of(
                Axis.percent("confidence_percent", "mean confidence of the bin"),
                Axis.percent("acceptance_percent", "acceptance"))
            .withDiagonal(),
        table);
  }
}
