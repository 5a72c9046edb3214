package io.adaspec.harness.report;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;

/// A run's files, summarised and judged; the same for a run that just ended and for one read later.
public record RunReport(RunInfo info, Summary summary, Validity validity) {
  /// Reads a result directory, of a killed run too.
  public static RunReport of(RunDirectory run, Validity.Limits limits) throws IOException {
    RunInfo info = run.readInfo();
    Summary summary = Summary.of(run);
    return new RunReport(info, summary, Validity.of(info, summary, limits));
  }

  /// Only what is steady of the run: its figures, and whether they have samples enough. Everything
  /// else is judged of the whole run.
  public RunReport steadyState(RunDirectory run, Validity.Limits limits) throws IOException {
    Summary steady = Summary.of(run, summary.steadyState());
    return new RunReport(info, steady, Validity.of(info, summary, steady, limits));
  }

  /// Ends a run whose writer is closed: writes the histograms, and `run.json` with the verdict.
  ///
  /// @param ended what [RunInfo#ended] says
  public static RunReport finish(RunDirectory run, RunInfo ended, Validity.Limits limits)
      throws IOException {
    return finish(run, ended, Summary.of(run), limits);
  }

  /// The same where the records have been summed as they came.
  public static RunReport finish(
      RunDirectory run, RunInfo ended, Summary summary, Validity.Limits limits) throws IOException {
    RunReport report = new RunReport(ended, summary, Validity.of(ended, summary, limits));
    run.writeHistograms(report.summary.histograms());
    run.writeInfo(report.info.judged(report.validity.checks()));
    return report;
  }
}
