package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.compare.RealRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `compare` on real runs: each thing that makes runs unlike is refused with exit code 2 and its
/// reason, and overlooked by its own `--allow` alone.
class CompareRefusalsTest {
  private static final List<String> ALLOWANCES =
      List.of("workload", "slo", "device", "provenance", "invalid", "missing");

  @TempDir private Path directory;

  interface Change {
    void to(Path run) throws IOException;
  }

  /// @param change of the candidate
  /// @param reason part of the output
  /// @param allowance empty where nothing overlooks it
  record Refusal(String name, Change change, String reason, String allowance, String... options) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// Of every run.
  private static Change all(String from, String to) {
    return candidate -> {
      for (String run : List.of("autoregressive", "fixed-3", "adaspec")) {
        replace(candidate.resolve(run), from, to);
      }
    };
  }

  /// Of the run of `adaspec`.
  private static Change one(String from, String to) {
    return candidate -> replace(candidate.resolve("adaspec"), from, to);
  }

  private static void replace(Path run, String from, String to) throws IOException {
    Path file = run.resolve("run.json");
    String before = Files.readString(file);
    assertThat(before).contains(from);
    Files.writeString(file, before.replace(from, to));
  }

  private static Stream<Refusal> refusals() {
    Change running = one("\"status\" : \"complete\"", "\"status\" : \"running\"");
    return Stream.of(
        new Refusal(
            "trace",
            all("\"digest\" : \"abc123\"", "\"digest\" : \"def456\""),
            "workload digest abc123 against def456",
            "workload"),
        new Refusal(
            "SLO",
            all("\"ttft_ns\" : 400000000", "\"ttft_ns\" : 100000000"),
            "SLO ttft 400.0 ms tpot 12.0 ms e2el - against ttft 100.0 ms",
            "slo"),
        new Refusal(
            "device class",
            all("\"device\" : \"cpu\"", "\"device\" : \"NVIDIA A100\""),
            "device cpu against NVIDIA A100",
            "device"),
        new Refusal(
            "machine of absolute times",
            all("\"cpu\" : \"a cpu\"", "\"cpu\" : \"another cpu\""),
            "absolute times of two machines do not compare",
            "device",
            "--absolute"),
        new Refusal(
            "provenance",
            all("\"acceptance\" : \"real\"", "\"acceptance\" : \"synthetic\""),
            "provenance of acceptance real against synthetic",
            "provenance"),
        new Refusal(
            "invalid run",
            one("\"stalls\" : 0", "\"stalls\" : 7"),
            "is INVALID (recording kept up: 7 waits)",
            "invalid"),
        new Refusal(
            "interrupted run",
            one("\"status\" : \"complete\"", "\"status\" : \"interrupted\""),
            "is INVALID (run complete: interrupted)",
            "invalid"),
        new Refusal(
            "killed run",
            candidate -> {
              running.to(candidate);
              Path table = candidate.resolve("adaspec/requests.arrow");
              byte[] whole = Files.readAllBytes(table);
              Files.write(table, Arrays.copyOf(whole, whole.length - 100));
            },
            "is INVALID (run complete: running",
            "invalid"),
        new Refusal(
            "missing run",
            candidate -> Files.delete(candidate.resolve("adaspec/run.json")),
            "the candidate has no run of adaspec",
            "missing"),
        new Refusal(
            "seed",
            one("\"seed\" : 0", "\"seed\" : 1"),
            "the candidate has no run of adaspec",
            "missing"),
        new Refusal(
            "file of another version",
            one("\"format_version\" : 2", "\"format_version\" : 1"),
            "run.json: has format version 1, this build reads version 2",
            ""),
        new Refusal(
            "damaged file",
            candidate -> Files.writeString(candidate.resolve("adaspec/requests.arrow"), "no table"),
            "requests.arrow: not an Arrow file",
            ""));
  }

  private String[] compare(String... options) {
    return Stream.concat(
            Stream.of(
                "compare",
                directory.resolve("before").toString(),
                directory.resolve("after").toString(),
                "--resamples",
                "100",
                "--fail-on",
                "ttft>50%"),
            Arrays.stream(options))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void unlikeRuns_areRefused_andOverlookedByTheirOwnAllowanceAlone(Refusal refusal)
      throws IOException {
    RealRuns.write(directory.resolve("before"), 1);
    Path after = RealRuns.write(directory.resolve("after"), 3);
    ToyCli cli = new ToyCli(directory.resolve("cache")).withoutModels();
    assertThat(cli.run(compare(refusal.options()))).as(cli.out() + cli.err()).isZero();

    refusal.change().to(after);
    assertThat(cli.run(compare(refusal.options()))).isEqualTo(2);
    assertThat(cli.out() + cli.err()).contains(refusal.reason());
    String others =
        String.join(
            ",", ALLOWANCES.stream().filter(name -> !name.equals(refusal.allowance())).toList());
    assertThat(cli.run(compare(with(refusal, "--allow", others))))
        .as("with --allow " + others)
        .isEqualTo(2);
    assertThat(cli.out() + cli.err()).contains(refusal.reason());
    if (!refusal.allowance().isEmpty()) {
      assertThat(cli.out()).contains("--allow " + refusal.allowance());
      assertThat(cli.run(compare(with(refusal, "--allow", refusal.allowance()))))
          .as(cli.out() + cli.err())
          .isLessThan(2);
    }
  }

  private static String[] with(Refusal refusal, String... more) {
    return Stream.concat(Arrays.stream(refusal.options()), Arrays.stream(more))
        .toArray(String[]::new);
  }

  /// A gate that cannot fail would be a check against a target of 0.
  @Test
  void aGateOnWhatNoRunDefines_isRefused() throws IOException {
    RealRuns.write(directory.resolve("before"), 1);
    RealRuns.write(directory.resolve("after"), 3);
    ToyCli cli = new ToyCli(directory.resolve("cache")).withoutModels();
    assertThat(cli.run(compare("--fail-on", "e2e_attainment>1%"))).isEqualTo(2);
    assertThat(cli.out()).contains("e2e_attainment is gated, and no pair of runs defines it");
    assertThat(cli.run(compare("--absolute", "--fail-on", "e2e_attainment>1%"))).isEqualTo(2);
    assertThat(cli.run(compare("--absolute", "--fail-on", "tpot_attainment>50%"))).isZero();
  }
}
