package io.adaspec.harness.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// The files of one run's result directory.
public record RunDirectory(Path path) {
  public Path requests() {
    return path.resolve("requests.arrow");
  }

  public Path steps() {
    return path.resolve("steps.arrow");
  }

  public Path histograms() {
    return path.resolve("histograms.arrow");
  }

  public Path info() {
    return path.resolve("run.json");
  }

  /// Replaces `run.json` in one atomic move.
  public void writeInfo(RunInfo info) throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  public RunInfo readInfo() throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  /// Writes `histograms.arrow`, nanoseconds by metric key.
  public void writeHistograms(Map<String, Histogram> histograms) throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  public Map<String, Histogram> readHistograms() throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }
}
