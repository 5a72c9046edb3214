package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adaspec.engine.Clock;
import io.adaspec.harness.ChildJvm;
import io.adaspec.harness.compare.RealRuns;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.run.StopSignal;
import io.adaspec.harness.target.ToyDeployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where results cannot go: what a person is told, and that nothing is lost that was there.
@Timeout(120)
class OutputTest {
  private static final String ONE = "simulate --deployment a100-llama2-7b --num-prompts 20";
  private static final String TWO = ONE + " --policy fixed:1 --policy fixed:3";
  private static final String REAL = "replay --policy autoregressive --num-prompts 1";

  @TempDir private Path directory;

  private ToyCli cli() {
    return new ToyCli(directory.resolve("cache")).withoutModels();
  }

  private static String[] to(String line, Path output) {
    return (line + " --output " + output).split(" ");
  }

  private static Map<Path, String> contents(Path root) throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readString(file));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, TWO, REAL})
  void whatIsThere_isNeverOverwritten(String line) throws IOException {
    Path output = directory.resolve("out");
    for (String run : List.of("out", "out/fixed-3")) {
      Path there = Files.createDirectories(directory.resolve(run));
      Files.writeString(there.resolve("run.json"), "{}");
      Files.writeString(there.resolve("steps.arrow"), "precious");
    }
    Map<Path, String> before = contents(output);
    ToyCli cli = cli();
    assertThat(cli.run(to(line, output))).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err())
        .startsWith("adaspec: error: " + output)
        .contains(": exists already, choose another --output or move it away");
    assertThat(contents(output)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, TWO, REAL})
  void aPathBelowAFile_isNamed_beforeModelsAreLoaded(String line) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    ToyCli cli = cli();
    assertThat(cli.run(to(line, file.resolve("out")))).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err()).startsWith("adaspec: error: " + file + ": not a directory");
    assertThat(file).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, TWO, REAL})
  void aReadOnlyDirectory_isNamed_beforeModelsAreLoaded(String line) throws IOException {
    Path locked = Files.createDirectory(directory.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(locked), "the user may write everywhere: root");
    ToyCli cli = cli();
    assertThat(cli.run(to(line, locked.resolve("out")))).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err())
        .startsWith("adaspec: error: " + locked.resolve("out"))
        .contains(": permission denied");
    assertThat(locked).isEmptyDirectory();
  }

  @Test
  void aReportThatCannotBeWritten_isNamed_andTheOldOneStays() throws IOException {
    Path runs = RealRuns.write(directory.resolve("runs"), 1);
    Path file = Files.writeString(directory.resolve("file"), "precious");
    ToyCli cli = cli();
    assertThat(cli.run(to("report " + runs, file.resolve("page.html")))).isNotZero();
    assertThat(cli.err()).contains(file.toString());
    assertThat(file).hasContent("precious");
  }

  @Test
  void aFullDisk_isTold_whereAComparisonGoes() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "no /dev/full");
    Path runs = RealRuns.write(directory.resolve("runs"), 1);
    ToyCli cli = cli();
    for (String option : List.of("--json", "--markdown")) {
      assertThat(cli.run("compare", runs.toString(), runs.toString(), option, full.toString()))
          .isEqualTo(Errors.BAD_INPUT);
      assertThat(cli.err()).contains("/dev/full: No space left on device");
    }
  }

  /// Replays on toy models.
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
              ToyDeployment::load,
              Path.of(arguments[0]).resolve("cache")),
          "replay",
          "--policy",
          "autoregressive",
          "--request-rate",
          "50",
          "--num-prompts",
          "2000",
          "--output",
          arguments[1]);
    }
  }

  /// A limit on the size of files, set once the replay records, stands for the full disk: a write
  /// beyond it fails half-way too.
  @Test
  void aDiskThatFillsUp_endsTheReplay_andWhatWasRecordedStays() throws Exception {
    Path output = directory.resolve("out");
    Path errors = directory.resolve("errors");
    RunDirectory run = new RunDirectory(output);
    Process child = replay(output, errors);
    try {
      while (!Files.exists(run.steps()) || ArrowRunReader.steps(run, _ -> {}) || rows(run) == 0) {
        assertThat(child.isAlive()).as(Files.readString(errors)).isTrue();
        Thread.sleep(10);
      }
      limitFiles(child, Files.size(run.steps()) + 20_000);
      assertThat(child.waitFor()).as(Files.readString(errors)).isEqualTo(Errors.RUN_FAILED);
    } finally {
      child.destroyForcibly();
    }
    assertThat(Files.readString(errors))
        .contains("adaspec: error: cannot record to " + output + ": File too large")
        .doesNotContain("\tat ");
    assertThat(run.readInfo().status()).isNotEqualTo(RunInfo.Status.COMPLETE);
    assertThat(ArrowRunReader.steps(run, _ -> {})).as("closed").isFalse();
    assertThat(rows(run)).isPositive();
    ToyCli cli = cli();
    assertThat(cli.run("show", output.toString())).isZero();
    assertThat(cli.out()).contains("Result is: INVALID", "run complete");
  }

  private static int rows(RunDirectory run) throws IOException {
    AtomicInteger rows = new AtomicInteger();
    ArrowRunReader.steps(run, _ -> rows.incrementAndGet());
    return rows.get();
  }

  private static void limitFiles(Process process, long bytes) throws Exception {
    try {
      Process limit =
          new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--fsize=" + bytes).start();
      assertThat(limit.waitFor()).isZero();
    } catch (IOException e) {
      assumeTrue(false, "no prlimit: " + e.getMessage());
    }
  }

  private Process replay(Path output, Path errors) throws IOException {
    return ChildJvm.of(Child.class, directory, output)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(errors.toFile())
        .start();
  }
}
