package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.harness.extension.EveryOther;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The steps of `docs/extending.md` for a policy, taken.
@Timeout(120)
class ExtensionTest {
  @TempDir private Path directory;

  @Test
  void aPolicyOnTheClassPath_isRunByName() throws Exception {
    Path services = Files.createDirectories(directory.resolve("classes/META-INF/services"));
    Files.writeString(
        services.resolve(SpeculationPolicyProvider.class.getName()),
        EveryOther.Provider.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] more = {directory.resolve("classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(more, before)) {
      thread.setContextClassLoader(loader);
      replayAndAskAgain();
    } finally {
      thread.setContextClassLoader(before);
    }
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run("replay", "--policy", "every-other:3")).isEqualTo(Errors.BAD_INPUT);
  }

  private void replayAndAskAgain() throws Exception {
    ToyCli cli = new ToyCli(directory);
    RunDirectory run = new RunDirectory(directory.resolve("run"));
    assertThat(
            cli.run(
                "replay",
                "--policy",
                "every-other:3",
                "--request-rate",
                "500",
                "--num-prompts",
                "10",
                "--max-output-tokens",
                "12",
                "--output",
                run.path().toString()))
        .as(cli.err())
        .isZero();
    List<StepRecord> steps = new ArrayList<>();
    ArrowRunReader.steps(run, steps::add);
    assertThat(steps).anyMatch(step -> step.drafted() > 0);
    assertThat(steps)
        .filteredOn(step -> step.step() % 2 == 1)
        .allMatch(step -> step.drafted() == 0);
    assertThat(cli.run("decisions", run.path().toString())).as(cli.out()).isZero();
    assertThat(cli.run("replay", "--policy", "every-other:33")).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err()).contains("every-other", "33");
  }
}
