package io.adaspec.harness.report;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;

/// A run's files, summarised and judged; the same for a run that just ended and for one read later.
public record RunReport(RunInfo info, Summary summary, Validity validity) {
  /// Reads a result directory, of a killed run too.
  public static RunReport of(RunDirectory directory, Validity.Limits limits) throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  /// Ends a run whose writer is closed: writes the histograms, and `run.json` with the verdict.
  public static RunReport finish(RunDirectory directory, RunInfo ended, Validity.Limits limits)
      throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }
}
