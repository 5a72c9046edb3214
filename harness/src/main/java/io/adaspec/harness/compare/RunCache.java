package io.adaspec.harness.compare;

import io.adaspec.harness.compare.RunSet.Run;
import io.adaspec.harness.report.Resampler;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.SteadyState;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.report.Validity;
import io.adaspec.harness.report.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs that were read: a reference is needed by every policy of its set.
final class RunCache {
  private record Key(Path path, Window window) {}

  private final boolean steadyState;
  private final Map<Path, RunReport> reports = new HashMap<>();
  private final Map<Key, Resampler> resamplers = new HashMap<>();

  RunCache(boolean steadyState) {
    this.steadyState = steadyState;
  }

  /// Of the whole run.
  RunReport report(Run run) throws IOException {
    Path path = run.directory().path();
    RunReport report = reports.get(path);
    if (report == null) {
      report = RunReport.of(run.directory(), Validity.Limits.DEFAULT);
      reports.put(path, report);
    }
    return report;
  }

  /// The part in which all of these runs are steady, or everything where that is not asked for.
  Window window(List<Run> runs) throws IOException {
    Window window = Window.ALL;
    if (steadyState) {
      for (Run run : runs) {
        window = window.and(report(run).summary().steadyState().window());
      }
    }
    return window;
  }

  Summary summary(Run run, Window window) throws IOException {
    RunReport report = report(run);
    if (window.equals(Window.ALL)) {
      return report.summary();
    }
    SteadyState found = report.summary().steadyState();
    return Summary.of(
        run.directory(), new SteadyState(window, true, found.excluded(), found.arrived()));
  }

  Resampler resampler(Run run, Window window) throws IOException {
    Key key = new Key(run.directory().path(), window);
    Resampler resampler = resamplers.get(key);
    if (resampler == null) {
      resampler = Resampler.of(run.directory(), window);
      resamplers.put(key, resampler);
    }
    return resampler;
  }
}
