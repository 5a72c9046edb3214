package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Writes a run's records while it runs. Rows are handed to a writer thread through a bounded
/// queue; twice a second, and whenever the queue is half full, everything in it is written as one
/// batch per table. A kill loses what came in since. A row meets a full queue only where the disk
/// cannot keep up: then its caller waits, and the run's [#stalls] say so.
public final class ArrowRunWriter implements AutoCloseable {
  private static final int QUEUE_ROWS = 8192;
  private static final long FLUSH_MILLIS = 500;

  private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_ROWS);
  private final List<Object> drained = new ArrayList<>(QUEUE_ROWS);
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicLong stalls = new AtomicLong();
  private final BufferAllocator allocator = new RootAllocator();
  private final Path path;
  private final TableWriter<RequestRecord> requests;
  private final TableWriter<StepRecord> steps;
  private final ScheduledExecutorService thread;
  private volatile Throwable failure;
  private volatile boolean closed;

  /// Creates the directory, `run.json` with `info`, and empty tables.
  ///
  /// @param originNanos start of the run on the clock of the records; times in the files count from
  ///   it
  /// @throws FileAlreadyExistsException where the directory holds a run
  public static ArrowRunWriter open(RunDirectory directory, RunInfo info, long originNanos)
      throws IOException {
    Files.createDirectories(directory.path());
    if (Files.exists(directory.info())) {
      throw new FileAlreadyExistsException(directory.info().toString());
    }
    directory.writeInfo(info);
    return new ArrowRunWriter(
        directory.path(),
        TableWriter.create(directory.requests()),
        TableWriter.create(directory.steps()),
        originNanos);
  }

  /// Writes to the given streams, which it then owns.
  ArrowRunWriter(Path path, OutputStream requests, OutputStream steps, long originNanos)
      throws IOException {
    this.path = path;
    this.requests = new TableWriter<>(RequestTable.of(originNanos), requests, allocator);
    this.steps = new TableWriter<>(StepTable.of(originNanos), steps, allocator);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("run-writer").daemon().factory());
    var _ = // drain() keeps its own failures
        thread.scheduleWithFixedDelay(
            this::drain, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Hands a row over; waits only while the queue is full.
  ///
  /// @throws UncheckedIOException where an earlier row could not be written
  public void request(RequestRecord row) {
    enqueue(row);
  }

  /// See [#request(RequestRecord)].
  public void step(StepRecord row) {
    enqueue(row);
  }

  /// How often a caller had to wait for the writer thread.
  public long stalls() {
    return stalls.get();
  }

  private void enqueue(Object row) {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
    if (failure != null) {
      throw new UncheckedIOException(failed());
    }
    if (!queue.offer(row)) {
      stalls.incrementAndGet();
      put(row);
    }
    if (queue.remainingCapacity() < QUEUE_ROWS / 2 && woken.compareAndSet(false, true)) {
      thread.execute(this::drain);
    }
  }

  /// Waits for room; an interrupt is kept for the caller, the row is not lost to it.
  private void put(Object row) {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(row);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    woken.set(false);
    queue.drainTo(drained);
    try {
      if (failure == null) {
        write();
      }
    } catch (Throwable e) {
      failure = e; // whatever it is: callers and close() report it
    } finally {
      drained.clear();
    }
  }

  private void write() throws IOException {
    for (Object row : drained) {
      if (row instanceof RequestRecord request) {
        requests.add(request);
      } else {
        steps.add((StepRecord) row);
      }
    }
    requests.flush();
    steps.flush();
  }

  private IOException failed() {
    return new IOException("cannot record to " + path + ": " + failure.getMessage(), failure);
  }

  /// Writes what is queued and the file footers; no row may come while it runs. `run.json` still
  /// says that the run goes on.
  ///
  /// @throws IOException where a row or a footer could not be written; what was written before
  ///   stays
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    thread.close();
    drain();
    try (allocator;
        requests;
        steps) {
      if (failure != null) {
        throw failed();
      }
      requests.finish();
      steps.finish();
    }
  }
}
