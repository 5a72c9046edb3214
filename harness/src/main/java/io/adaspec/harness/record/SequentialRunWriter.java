package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Writes a run's records on the caller's thread, in batches of fixed size: equal records give
/// equal bytes. For runs in virtual time, which waiting for the disk does not change; others use
/// [ArrowRunWriter].
public final class SequentialRunWriter implements RecordSink, AutoCloseable {
  private final RunDirectory directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final TableWriter<RequestRecord> requests;
  private final TableWriter<StepRecord> steps;
  private boolean closed;

  private SequentialRunWriter(RunDirectory directory) throws IOException {
    this.directory = directory;
    requests =
        new TableWriter<>(RequestTable.of(0), TableWriter.create(directory.requests()), allocator);
    steps = new TableWriter<>(StepTable.of(0), TableWriter.create(directory.steps()), allocator);
  }

  /// Creates the directory, `run.json` with `info`, and empty tables.
  ///
  /// @throws FileAlreadyExistsException where the directory holds a run
  public static SequentialRunWriter open(RunDirectory directory, RunInfo info) throws IOException {
    Files.createDirectories(directory.path());
    if (Files.exists(directory.info())) {
      throw new FileAlreadyExistsException(directory.info().toString());
    }
    directory.writeInfo(info);
    return new SequentialRunWriter(directory);
  }

  /// @throws UncheckedIOException where rows cannot be written
  @Override
  public void request(RequestRecord row) {
    add(requests, row);
  }

  /// See [#request].
  @Override
  public void step(StepRecord row) {
    add(steps, row);
  }

  private <R> void add(TableWriter<R> table, R row) {
    try {
      table.add(row);
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException("cannot record to " + directory.path() + ": " + e.getMessage(), e));
    }
  }

  /// Writes the file footers. `run.json` still says that the run goes on.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (allocator;
        requests;
        steps) {
      requests.finish();
      steps.finish();
    }
  }
}
