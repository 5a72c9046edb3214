package io.adaspec.harness.page;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.report.ComparisonTable;
import io.adaspec.harness.report.RunReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that the page and the exports show of one or several runs.
///
/// @param baseline what speedups are against; empty where the runs do not compare
/// @param refusal why they do not, empty where they do
record Report(
    List<RunFacts> runs, Optional<RunFacts> baseline, String refusal, List<Section> sections) {
  /// Reads the runs, of killed ones what is there.
  ///
  /// @param directories at least one
  /// @throws IOException naming the file that cannot be read
  static Report of(List<RunDirectory> directories) throws IOException {
    if (directories.isEmpty()) {
      throw new IllegalArgumentException("nothing to report");
    }
    List<RunFacts> runs = RunFacts.read(directories);
    List<RunReport> reports = runs.stream().map(RunFacts::report).toList();
    String refusal = "";
    Optional<RunFacts> baseline = Optional.empty();
    try {
      RunReport found = ComparisonTable.baseline(reports);
      baseline = Optional.of(runs.get(reports.indexOf(found)));
    } catch (IllegalArgumentException e) {
      refusal = e.getMessage();
    }
    boolean sameWorkload =
        reports.stream().map(report -> report.info().workload().digest()).distinct().count() == 1;
    return new Report(runs, baseline, refusal, sections(runs, sameWorkload));
  }

  private static List<Section> sections(List<RunFacts> runs, boolean sameWorkload) {
    List<Section> sections = new ArrayList<>();
    add(sections, "latency", "Latency", new LatencyCharts(runs).charts());
    add(sections, "objectives", "Objectives", new ObjectiveCharts(runs, sameWorkload).charts());
    add(sections, "load", "Load", new LoadCharts(runs).charts());
    add(sections, "speculation", "Speculation", new SpeculationCharts(runs).charts());
    add(sections, "cost", "Cost", new CostCharts(runs).charts());
    add(sections, "requests", "Requests", new Timeline(runs, sameWorkload).charts());
    return List.copyOf(sections);
  }

  /// Leaves out charts without data, and sections without charts.
  private static void add(List<Section> sections, String id, String title, List<Chart> charts) {
    List<Chart> drawn = charts.stream().filter(chart -> !chart.data().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      sections.add(new Section(id, title, drawn));
    }
  }

  List<Chart> charts() {
    return sections.stream().flatMap(section -> section.charts().stream()).toList();
  }
}
