package io.adaspec.harness.page;

import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the report needs of a run.
///
/// @param index position in the report
/// @param label name in the report, unique there
/// @param requests by scheduled arrival
/// @param ttft milliseconds by scheduled arrival
record RunFacts(
    int index,
    String label,
    RunReport report,
    List<RequestFacts> requests,
    WindowSeries ttft,
    StepFacts steps) {
  /// Windows that a run's time is divided into at most.
  private static final int WINDOWS = 120;

  /// Reads the runs; all get the same windows.
  ///
  /// @throws IOException naming the file
  static List<RunFacts> read(List<RunDirectory> runs) throws IOException {
    List<RunReport> reports = new ArrayList<>();
    List<List<RequestFacts>> requests = new ArrayList<>();
    long end = 1;
    for (RunDirectory run : runs) {
      reports.add(RunReport.of(run, Validity.Limits.DEFAULT));
      List<RequestFacts> rows = new ArrayList<>();
      ArrowRunReader.requests(run, row -> rows.add(RequestFacts.of(row)));
      rows.sort(Comparator.comparingLong(RequestFacts::scheduledNanos));
      for (RequestFacts row : rows) {
        end = Math.max(end, Math.max(row.scheduledNanos(), row.lastTokenNanos()));
      }
      requests.add(rows);
    }
    List<String> labels = RunLabels.of(runs, reports.stream().map(RunReport::info).toList());
    TimeGrid grid = TimeGrid.round(end, WINDOWS);
    List<RunFacts> facts = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      StepFacts steps = new StepFacts(grid);
      ArrowRunReader.steps(runs.get(i), steps::add);
      WindowSeries ttft = new WindowSeries(grid);
      for (RequestFacts row : requests.get(i)) {
        if (row.served()) {
          ttft.add(row.scheduledNanos(), row.ttft());
        }
      }
      facts.add(new RunFacts(i, labels.get(i), reports.get(i), requests.get(i), ttft, steps));
    }
    return facts;
  }
}
