package io.adaspec.harness.page;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.ArrowRunWriter;
import io.adaspec.harness.record.Rows;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Runs on disk, of records of every shape.
final class SampleRuns {
  static final Slo SLO = new Slo(200_000_000, 50_000_000, Slo.NONE);

  private SampleRuns() {}

  /// A finished run of `requests` requests and as many steps.
  static RunDirectory write(Path directory, String policy, int requests) throws IOException {
    return write(directory, policy, 7, requests, Map.of("note", "none"));
  }

  static RunDirectory write(
      Path directory, String policy, long seed, int requests, Map<String, Object> config)
      throws IOException {
    RunInfo info =
        RunInfo.started(
            "2026-01-02T03:04:05Z",
            "simulated",
            policy,
            seed,
            RunInfo.Provenance.SYNTHETIC,
            SLO,
            new RunInfo.Workload("poisson", "abc123", requests, 0, 0),
            config,
            Map.of("project", "0.1.0"),
            "4837c57",
            "cpu",
            new RunInfo.Host("a cpu", 2, "Linux"));
    RunDirectory run = new RunDirectory(directory);
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, info, 0)) {
      for (int i = 0; i < requests; i++) {
        writer.request(Rows.request(i));
        writer.step(Rows.step(i));
      }
    }
    run.writeInfo(info.ended(RunInfo.Status.COMPLETE, "", 0));
    return run;
  }
}
