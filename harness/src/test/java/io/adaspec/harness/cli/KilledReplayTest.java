package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.StepRecord;
import io.adaspec.harness.ChildJvm;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.target.ToyDeployment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Replays in processes of their own, killed at random moments.
@Timeout(600)
class KilledReplayTest {
  private static final int KILLS = 20;
  private static final int AT_ONCE = 4;
  private static final int MOST_FORWARDS = 1 << 16;
  private static final long FORWARD_NANOS = 5_000_000;
  private static final long TICK_MILLIS = 500;
  private static final int TICKS_PER_SECOND = 2;

  /// Replays on toy models. Files in memory, which survive the process, hold the time of every
  /// forward and, twice a second of the process's own, how many there were. The recorder writes as
  /// often: a machine that holds the process up holds up both.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      LongLog log = new LongLog(directory.resolve("forwards"));
      LongLog ticks = new LongLog(directory.resolve("ticks"));
      var _ =
          Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
              .scheduleWithFixedDelay(
                  () -> ticks.add(log.size()), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      StopSignal stop = StopSignal.ofProcess();
      Main.exitAfter(
          stop,
          new Environment(
              System.out,
              System.err,
              false,
              false,
              false,
              Clock.system(),
              Instant::now,
              stop,
              spec -> ToyDeployment.load(spec, () -> forward(log)),
              Path.of(arguments[1])),
          "replay",
          "--policy",
          "autoregressive",
          "--num-warmups",
          "0",
          "--output",
          directory.resolve("run").toString());
    }

    private static void forward(LongLog log) {
      LockSupport.parkNanos(FORWARD_NANOS);
      log.add(Clock.system().nanos());
      if (log.size() == 1) {
        System.out.println("forward");
      }
    }
  }

  /// Numbers in a mapped file, their count first.
  private static final class LongLog {
    private final MappedByteBuffer values;

    LongLog(Path file) throws IOException {
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        values = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * (MOST_FORWARDS + 1));
      }
      values.order(ByteOrder.LITTLE_ENDIAN);
    }

    void add(long value) {
      int size = size();
      values.putLong(8 * (size + 1), value);
      values.putLong(0, size + 1L);
    }

    int size() {
      return (int) values.getLong(0);
    }

    static long[] read(Path file) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      long[] values = new long[(int) bytes.getLong(0)];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getLong(8 * (i + 1));
      }
      return values;
    }
  }

  @Test
  void killedAtAnyMoment_everyFileOpensAndAtMostTheLastSecondIsMissing(@TempDir Path root)
      throws Exception {
    measureProfile(root);
    Random random = new Random(7);
    int longest = 0;
    for (int first = 0; first < KILLS; first += AT_ONCE) {
      List<Path> directories = new ArrayList<>();
      List<Process> children = new ArrayList<>();
      try {
        for (int i = 0; i < AT_ONCE; i++) {
          directories.add(Files.createDirectory(root.resolve("kill-" + (first + i))));
          children.add(start(directories.getLast(), root));
        }
        for (Process child : children) {
          awaitForward(child);
          assertThat(child.waitFor(random.nextInt(2000), TimeUnit.MILLISECONDS))
              .as("the child ends by itself")
              .isFalse();
          child.destroyForcibly().waitFor();
          assertThat(child.exitValue()).isEqualTo(128 + 9);
        }
      } finally {
        children.forEach(Process::destroyForcibly);
      }
      for (Path directory : directories) {
        longest = Math.max(longest, check(directory));
      }
    }
    System.out.printf("%d kills, at most %d steps of a recording missing%n", KILLS, longest);
  }

  /// So that no child has to.
  private static void measureProfile(Path cache) {
    ToyCli cli = new ToyCli(cache);
    assertThat(
            cli.run(
                "replay",
                "--policy",
                "autoregressive",
                "--num-prompts",
                "1",
                "--output",
                cache.resolve("first").toString()))
        .as(cli.err())
        .isZero();
  }

  /// @return forwards that are not recorded
  private static int check(Path directory) throws IOException {
    RunDirectory run = new RunDirectory(directory.resolve("run"));
    assertThat(run.readInfo().status()).isEqualTo(RunInfo.Status.RUNNING);
    List<StepRecord> steps = new ArrayList<>();
    assertThat(ArrowRunReader.steps(run, steps::add)).as("closed").isFalse();
    List<RequestRecord> requests = new ArrayList<>();
    assertThat(ArrowRunReader.requests(run, requests::add)).as("closed").isFalse();
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).startNanos()).isGreaterThan(steps.get(i - 1).startNanos());
    }
    // One forward per step: there is no draft.
    long[] forwards = LongLog.read(directory.resolve("forwards"));
    assertThat(steps.size()).isLessThanOrEqualTo(forwards.length);
    long[] ticks = LongLog.read(directory.resolve("ticks"));
    if (ticks.length > TICKS_PER_SECOND) {
      // The step of the last forward then may not have ended.
      long aSecondAgo = ticks[ticks.length - 1 - TICKS_PER_SECOND] - 1;
      assertThat((long) steps.size()).as("steps recorded").isGreaterThanOrEqualTo(aSecondAgo);
    }

    ToyCli cli = new ToyCli(directory);
    assertThat(cli.run("show", run.path().toString())).as(cli.err()).isZero();
    assertThat(cli.err()).contains("incomplete, the run was killed or still goes on");
    assertThat(cli.out()).contains("INVALID");
    return forwards.length - steps.size();
  }

  private static void awaitForward(Process child) {
    BufferedReader output = child.inputReader();
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.equals("forward")) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the child ends before its first forward");
  }

  private static Process start(Path directory, Path cache) throws IOException {
    return ChildJvm.of(Child.class, directory, cache)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
