package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.io.IOException;
import java.util.function.Consumer;

/// Reads a run's records back, from a killed run too: up to the last whole batch. Times count from
/// the run's origin.
public final class ArrowRunReader {
  private ArrowRunReader() {}

  /// Streams the rows; returns whether the file was closed properly.
  ///
  /// @throws IOException naming the file
  public static boolean requests(RunDirectory directory, Consumer<RequestRecord> sink)
      throws IOException {
    return TableReader.read(directory.requests(), RequestTable.of(0), sink);
  }

  /// See [#requests].
  public static boolean steps(RunDirectory directory, Consumer<StepRecord> sink)
      throws IOException {
    return TableReader.read(directory.steps(), StepTable.of(0), sink);
  }
}
