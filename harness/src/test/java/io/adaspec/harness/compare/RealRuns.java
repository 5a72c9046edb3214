package io.adaspec.harness.compare;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SequentialRunWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Result directories of real runs, with the records of [Populations].
public final class RealRuns {
  private static final Populations WORKLOAD = new Populations(500, 0.5, 1);

  private RealRuns() {}

  /// Writes valid runs of `autoregressive`, `fixed:3` and `adaspec`, each to a directory of its
  /// name.
  ///
  /// @param seed of the noise in their times
  /// @return `parent`
  public static Path write(Path parent, long seed) throws IOException {
    write(parent.resolve("autoregressive"), "autoregressive", WORKLOAD.records(1.1, 0.1, seed));
    write(parent.resolve("fixed-3"), "fixed:3", WORKLOAD.records(1, 0.1, seed + 1));
    write(parent.resolve("adaspec"), "adaspec", WORKLOAD.records(0.9, 0.1, seed + 2));
    return parent;
  }

  private static void write(Path directory, String policy, List<RequestRecord> rows)
      throws IOException {
    RunDirectory run = new RunDirectory(directory);
    RunInfo info =
        RunInfo.started(
            "2026-01-02T03:04:05Z",
            "engine",
            policy,
            0,
            RunInfo.Provenance.REAL,
            new Slo(400_000_000, 12_000_000, Slo.NONE),
            new RunInfo.Workload(
                "poisson",
                "abc123",
                rows.size(),
                rows.stream().mapToLong(RequestRecord::promptTokens).sum(),
                rows.stream().mapToLong(RequestRecord::requestedOutputTokens).sum()),
            Map.of(),
            Map.of(),
            "",
            "cpu",
            new RunInfo.Host("a cpu", 2, "Linux"));
    try (SequentialRunWriter writer = SequentialRunWriter.open(run, info)) {
      rows.forEach(writer::request);
    }
    run.writeInfo(info.ended(RunInfo.Status.COMPLETE, "", 0));
  }
}
