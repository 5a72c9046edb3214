package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Decision;
import io.adaspec.engine.StepRecord;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowRunWriterTest {
  @TempDir Path path;
  RunDirectory run;

  @BeforeEach
  void nameDirectory() {
    run = new RunDirectory(path.resolve("run"));
  }

  private static List<StepRecord> steps(RunDirectory run) throws IOException {
    List<StepRecord> rows = new ArrayList<>();
    ArrowRunReader.steps(run, rows::add);
    return rows;
  }

  private static List<RequestRecord> requests(RunDirectory run) throws IOException {
    List<RequestRecord> rows = new ArrayList<>();
    ArrowRunReader.requests(run, rows::add);
    return rows;
  }

  private static StepRecord stepAt(long number, long nanos) {
    Decision decision = new Decision(1, 10, 1, 8, 8, 1, nanos - 100, List.of(), 1);
    return Rows.withDecisions(Rows.stepAt(number, nanos), List.of(decision));
  }

  @Test
  void rows_readBackAsTheyWereGiven() throws IOException {
    List<StepRecord> steps = new ArrayList<>();
    List<RequestRecord> requests = new ArrayList<>();
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(3000), 0)) {
      for (int i = 0; i < 20_000; i++) {
        steps.add(Rows.step(i));
        writer.step(steps.getLast());
        if (i % 7 == 0) {
          requests.add(Rows.request(i));
          writer.request(requests.getLast());
        }
      }
    }
    assertThat(steps(run)).isEqualTo(steps);
    assertThat(requests(run)).isEqualTo(requests);
    assertThat(ArrowRunReader.steps(run, row -> {})).isTrue();
    assertThat(ArrowRunReader.requests(run, row -> {})).isTrue();
  }

  @Test
  void times_countFromTheOrigin() throws IOException {
    RequestRecord given = Rows.request(8);
    assertThat(given.emissions().size()).isPositive();
    assertThat(given.dispatchedNanos()).isNotEqualTo(RequestRecord.NEVER);
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(1), 5_000)) {
      writer.step(stepAt(1, 5_400));
      writer.request(given);
    }
    assertThat(steps(run)).containsExactly(stepAt(1, 400));
    RequestRecord read = requests(run).getFirst();
    assertThat(read.scheduledNanos()).isEqualTo(given.scheduledNanos() - 5_000);
    assertThat(read.dispatchedNanos()).isEqualTo(given.dispatchedNanos() - 5_000);
    assertThat(read.firstTokenNanos()).isEqualTo(given.firstTokenNanos() - 5_000);
    assertThat(read.lastTokenNanos()).isEqualTo(given.lastTokenNanos() - 5_000);
  }

  @Test
  void runWithoutRows_isComplete() throws IOException {
    ArrowRunWriter.open(run, Rows.info(0), 0).close();
    assertThat(ArrowRunReader.steps(run, row -> {})).isTrue();
    assertThat(steps(run)).isEmpty();
    assertThat(requests(run)).isEmpty();
  }

  @Test
  void stepsWithoutDecisions_readBack() throws IOException {
    StepRecord without = Rows.withDecisions(Rows.step(1), List.of());
    try (ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(0), 0)) {
      writer.step(without);
    }
    assertThat(steps(run)).containsExactly(without);
  }

  @Test
  void openRun_isNotOverwritten() throws IOException {
    ArrowRunWriter.open(run, Rows.info(0), 0).close();
    assertThatThrownBy(() -> ArrowRunWriter.open(run, Rows.info(0), 0))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("run.json");
  }

  @Test
  void closedWriter_refusesRows() throws IOException {
    ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(0), 0);
    writer.close();
    assertThatThrownBy(() -> writer.step(Rows.step(0))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void interruptedCaller_losesNothing() throws IOException {
    ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(0), 0);
    Thread.currentThread().interrupt();
    for (int i = 0; i < 10_000; i++) {
      writer.step(Rows.step(i));
    }
    writer.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(steps(run)).hasSize(10_000);
    assertThat(ArrowRunReader.steps(run, row -> {})).isTrue();
  }

  /// Fails like a disk that is full after some bytes.
  private static final class FullDisk extends FilterOutputStream {
    private int room;

    FullDisk(OutputStream out, int room) {
      super(out);
      this.room = room;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int fits = Math.min(room, length);
      out.write(bytes, offset, fits);
      room -= fits;
      if (fits < length) {
        throw new IOException("No space left on device");
      }
    }
  }

  @Test
  void fullDisk_isReported_andWhatWasRecordedStays() throws IOException {
    Files.createDirectories(run.path());
    ArrowRunWriter writer =
        new ArrowRunWriter(
            run.path(),
            TableWriter.create(run.requests()),
            new FullDisk(TableWriter.create(run.steps()), 1_000_000),
            0);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000_000; i++) {
                writer.step(Rows.step(i));
              }
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(run.path() + ": No space left on device");
    assertThatThrownBy(writer::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    List<StepRecord> rows = steps(run);
    assertThat(rows).isNotEmpty();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).isEqualTo(Rows.step(i));
    }
  }

  @Test
  void slowDisk_makesTheCallerWait_andIsCounted() throws Exception {
    Files.createDirectories(run.path());
    CountDownLatch disk = new CountDownLatch(1);
    OutputStream file = TableWriter.create(run.steps());
    int header = 1;
    OutputStream slow =
        new FilterOutputStream(file) {
          private int writes;

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (writes++ >= header) {
              awaitUninterrupted(disk);
            }
            out.write(bytes, offset, length);
          }
        };
    ArrowRunWriter writer =
        new ArrowRunWriter(run.path(), TableWriter.create(run.requests()), slow, 0);
    Thread producer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 40_000; i++) {
                    writer.step(Rows.step(i));
                  }
                });
    while (writer.stalls() == 0) {
      assertThat(producer.isAlive()).as("the producer fills the queue").isTrue();
      Thread.onSpinWait();
    }
    disk.countDown();
    producer.join();
    writer.close();
    assertThat(writer.stalls()).isPositive();
    assertThat(steps(run)).hasSize(40_000);
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
