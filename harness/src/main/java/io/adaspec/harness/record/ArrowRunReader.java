package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.io.IOException;
import java.util.function.Consumer;

/// Reads a run's records back, from a killed run too: up to the last whole batch. Times count from
/// the run's origin.
public final class ArrowRunReader {
  private ArrowRunReader() {}

  /// Streams the rows; returns whether the file was closed properly.
  public static boolean requests(RunDirectory directory, Consumer<RequestRecord> sink)
      throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  /// See [#requests].
  public static boolean steps(RunDirectory directory, Consumer<StepRecord> sink)
      throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }
}
