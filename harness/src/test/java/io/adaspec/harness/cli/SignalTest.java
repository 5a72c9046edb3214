package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.harness.ChildJvm;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.target.ToyDeployment;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A replay in a process of its own that is asked to end.
@Timeout(180)
class SignalTest {
  private static final int SIGTERM = 15;

  /// Replays on toy models that take their time; says so when forwards run.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
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
              spec -> ToyDeployment.load(spec, Child::slowForward),
              Path.of(arguments[0])),
          "replay",
          "--profile",
          arguments[1],
          "--policy",
          "fixed:2",
          "--num-warmups",
          "0",
          "--output",
          arguments[2]);
    }

    private static void slowForward() {
      System.out.println("forward");
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      System.out.println("done");
    }
  }

  @Test
  void sigterm_endsTheRunBetweenTwoForwardsAndClosesItsFiles(@TempDir Path directory)
      throws Exception {
    Path profile = directory.resolve("profile.json");
    assertThat(new ToyCli(directory).run("profile", "--output", profile.toString())).isZero();
    RunDirectory run = new RunDirectory(directory.resolve("run"));
    Process child = start(directory, profile, run.path());
    String last = "";
    try (BufferedReader output = child.inputReader()) {
      for (int forwards = 0; forwards < 20; ) {
        last = output.readLine();
        assertThat(last).as("the child replays").isNotNull();
        forwards += last.equals("forward") ? 1 : 0;
      }
      child.toHandle().destroy(); // leaves its output open
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last = line.equals("forward") || line.equals("done") ? line : last;
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).isEqualTo(128 + SIGTERM);
    assertThat(last).as("the forward that ran was waited for").isEqualTo("done");
    RunInfo info = run.readInfo();
    assertThat(info.status()).isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(info.statusReason()).isEqualTo("stopped by a signal");
    List<RequestRecord> records = new ArrayList<>();
    assertThat(ArrowRunReader.requests(run, records::add)).as("closed properly").isTrue();
    assertThat(records).extracting(RequestRecord::outcome).contains(Outcome.UNFINISHED);

    ToyCli cli = new ToyCli(directory);
    assertThat(cli.run("show", run.path().toString())).isZero();
    assertThat(cli.err()).contains("incomplete, stopped by a signal");
    assertThat(cli.out()).contains("Result is: INVALID");
  }

  private static Process start(Path cache, Path profile, Path run) throws IOException {
    return ChildJvm.of(Child.class, cache, profile, run)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
