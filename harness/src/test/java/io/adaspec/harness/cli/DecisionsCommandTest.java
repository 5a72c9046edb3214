package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DecisionsCommandTest {
  @TempDir private Path directory;

  @Test
  void simulatedRuns_areReproduced_andUnderAnotherNameTheyAreNot() throws IOException {
    ToyCli cli = new ToyCli(directory.resolve("cache")).withoutModels();
    Path output = directory.resolve("runs");
    assertThat(
            cli.run(
                "simulate",
                "--policy",
                "adaspec",
                "--policy",
                "adaspec-plus",
                "--deployment",
                "a100-llama2-7b",
                "--acceptance",
                "synthetic",
                "--noise",
                "0.1",
                "--num-prompts",
                "60",
                "--slo-class",
                "chat:ttft=500,tpot=50:0.5",
                "--decisions",
                "--output",
                output.toString()))
        .as(cli.err())
        .isZero();
    assertThat(cli.run("decisions", output.toString())).as(cli.out()).isZero();
    assertThat(cli.out())
        .contains("adaspec, ", "adaspec-plus, ", " draft tokens reproduced")
        .doesNotContain("first difference", "not asked further", " 0 draft tokens");

    RunDirectory run = new RunDirectory(output.resolve("adaspec"));
    RunInfo info = run.readInfo();
    run.writeInfo(
        new RunInfo(
            info.formatVersion(),
            info.status(),
            info.statusReason(),
            info.startedAt(),
            info.target(),
            "adaspec:1",
            info.seed(),
            info.acceptance(),
            info.slo(),
            info.workload(),
            info.config(),
            info.versions(),
            info.gitCommit(),
            info.device(),
            info.host(),
            info.stalls(),
            info.validity()));
    assertThat(cli.run("decisions", run.path().toString())).isEqualTo(Errors.RUN_FAILED);
    assertThat(cli.out()).contains("first difference: step ");
  }

  @Test
  void aDirectoryWithoutResult_isRefused() {
    ToyCli cli = new ToyCli(directory.resolve("cache"));
    assertThat(cli.run("decisions", directory.toString())).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err()).contains("no such file");
  }
}
