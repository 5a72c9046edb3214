package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.io.IOException;

/// Writes a run's records while it runs. Rows are handed to a writer thread and are on disk within
/// a second.
public final class ArrowRunWriter implements AutoCloseable {
  private ArrowRunWriter() {}

  /// Creates the directory, `run.json` with `info`, and empty tables.
  ///
  /// @param originNanos start of the run on the clock of the records; times in the files count from
  ///   it
  /// @throws java.nio.file.FileAlreadyExistsException where the directory holds a run
  public static ArrowRunWriter open(RunDirectory directory, RunInfo info, long originNanos)
      throws IOException {
    throw new UnsupportedOperationException("not implemented yet");
  }

  /// Hands a row over; waits only while the queue is full.
  ///
  /// @throws java.io.UncheckedIOException where an earlier row could not be written
  public void request(RequestRecord row) {}

  /// See [#request(RequestRecord)].
  public void step(StepRecord row) {}

  /// How often a caller had to wait for the writer thread.
  public long stalls() {
    return 0;
  }

  /// Writes what is queued and the file footers. `run.json` still says that the run goes on.
  @Override
  public void close() throws IOException {}
}
