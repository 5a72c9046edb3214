package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandTest {
  private static final String[] SMALL = {
    "schedule",
    "--deployment",
    "a100-llama2-7b",
    "--max-batch",
    "3",
    "--max-length",
    "2",
    "--repeat",
    "2"
  };

  @Test
  void theScheduleItPrints_isAPolicy_andTheSameAgain(@TempDir Path directory) {
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run(SMALL)).as(cli.err()).isZero();
    String out = cli.out();
    assertThat(out).contains("\n    1 ", "\n    2 ", "\n    3 ", "_per_batch_size\": [[1, ");
    assertThat(cli.run(SMALL)).isZero();
    assertThat(cli.out()).isEqualTo(out);

    String policy =
        out.lines()
            .filter(line -> line.startsWith("--policy "))
            .map(line -> line.substring("--policy ".length()))
            .findFirst()
            .orElseThrow();
    assertThat(policy).startsWith("batch-schedule:1-").contains("3=");
    Path output = directory.resolve("run");
    assertThat(
            cli.run(
                "simulate",
                "--deployment",
                "a100-llama2-7b",
                "--num-prompts",
                "3",
                "--policy",
                policy,
                "--output",
                output.toString()))
        .isZero();
    assertThat(output.resolve("requests.arrow")).exists();
  }
}
