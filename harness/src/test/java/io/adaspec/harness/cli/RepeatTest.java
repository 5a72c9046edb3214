package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Speedup;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RepeatTest {
  @TempDir private Path directory;

  @Test
  void simulations_haveADirectoryPerSeedAndEndInMeans() throws IOException {
    ToyCli cli = new ToyCli(directory.resolve("cache")).withoutModels();
    Path output = directory.resolve("runs");
    assertThat(
            cli.run(
                "simulate",
                "--policy",
                "autoregressive",
                "--policy",
                "fixed:1",
                "--policy",
                "fixed:3",
                "--deployment",
                "a100-llama2-7b",
                "--acceptance",
                "synthetic",
                "--num-prompts",
                "30",
                "--seed",
                "5",
                "--repeat",
                "2",
                "--output",
                output.toString()))
        .as(cli.err())
        .isZero();
    assertThat(cli.err())
        .containsSubsequence(
            "Policy autoregressive (1 of 3), seed 5",
            "Policy fixed:1 (2 of 3), seed 5",
            "Policy fixed:3 (3 of 3), seed 5",
            "Policy fixed:3 (3 of 3), seed 6",
            "Policy fixed:1 (2 of 3), seed 6",
            "Policy autoregressive (1 of 3), seed 6");
    for (long seed = 5; seed <= 6; seed++) {
      for (String policy : new String[] {"autoregressive", "fixed-1", "fixed-3"}) {
        RunDirectory run = new RunDirectory(output.resolve(policy + "-seed" + seed));
        assertThat(run.readInfo().seed()).isEqualTo(seed);
        assertThat(run.readInfo().status()).isEqualTo(RunInfo.Status.COMPLETE);
      }
    }
    double speedup = Math.sqrt(speedup(output, "fixed-3", 5) * speedup(output, "fixed-3", 6));
    String table = cli.out().substring(cli.out().lastIndexOf("policy  "));
    assertThat(table)
        .contains("x autoregressive", "x fixed:", "best fixed length in hindsight")
        .containsPattern("fixed:3 +2 .*" + String.format(Locale.ROOT, "%.2f \\[", speedup));

    assertThat(cli.run("show", output.toString())).isZero();
    assertThat(cli.out()).endsWith(table);
  }

  @Test
  void replays_areRepeatedToo() throws IOException {
    ToyCli cli = new ToyCli(directory.resolve("cache"));
    Path output = directory.resolve("runs");
    assertThat(
            cli.run(
                "replay",
                "--policy",
                "fixed:2",
                "--request-rate",
                "500",
                "--num-prompts",
                "10",
                "--max-output-tokens",
                "6",
                "--repeat",
                "2",
                "--output",
                output.toString()))
        .as(cli.err())
        .isZero();
    assertThat(new RunDirectory(output.resolve("fixed-2-seed0")).readInfo().seed()).isZero();
    assertThat(new RunDirectory(output.resolve("fixed-2-seed1")).readInfo().seed()).isOne();
    assertThat(cli.out()).contains("means over seeds");
  }

  @Test
  void aNumberThatDoesNotFit_isRefused() {
    ToyCli cli = new ToyCli(directory.resolve("cache")).withoutModels();
    assertThat(cli.run("simulate", "--repeat", "0")).isEqualTo(Errors.BAD_INPUT);
    assertThat(cli.err()).contains("--repeat must be in 1..1000: 0");
    assertThat(Files.exists(directory.resolve("results"))).isFalse();
  }

  private static double speedup(Path output, String policy, long seed) throws IOException {
    return Speedup.MEAN_E2E_SPEEDUP.value(
        report(output.resolve("autoregressive-seed" + seed)).summary(),
        report(output.resolve(policy + "-seed" + seed)).summary());
  }

  private static RunReport report(Path path) throws IOException {
    return RunReport.of(new RunDirectory(path), Validity.Limits.DEFAULT);
  }
}
