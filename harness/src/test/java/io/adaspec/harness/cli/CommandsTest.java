package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands from end to end, on toy models and in real time.
@Timeout(120)
class CommandsTest {

  private static final List<String> SHORT =
      List.of("--request-rate", "500", "--num-prompts", "25", "--max-output-tokens", "12");

  @TempDir private Path directory;

  @Test
  void replay_printsTheResultThatShowPrintsAgain() throws IOException {
    ToyCli cli = cli();
    Path result = directory.resolve("result");
    assertThat(cli.run(replay("--policy", "fixed:3", "--output", result.toString()))).isZero();
    assertThat(cli.out())
        .contains("Serving Benchmark Result")
        .contains("Successful requests:                     25")
        .contains("fixed:3");
    assertThat(cli.err())
        .contains("25 requests", "Objectives TTFT <= 1000 ms, TPOT <= 50 ms")
        .contains("--no-ignore-eos")
        .contains("No latency profile: no policy asks for one, step times are not predicted.")
        .contains("Result in " + result)
        .doesNotContain("\033", "\r");
    String printed = cli.out();
    assertThat(printed).doesNotContain("predicted/measured", "prediction error");
    assertThat(new RunDirectory(result).profile()).doesNotExist();
    RunInfo info = new RunDirectory(result).readInfo();
    assertThat(info.status()).isEqualTo(RunInfo.Status.COMPLETE);
    assertThat(info.policy()).isEqualTo("fixed:3");
    assertThat(info.config()).containsEntry("profile", "none: nothing is predicted");
    assertThat(info.config()).containsKeys("models", "engine", "generation", "load", "workload");

    assertThat(cli.run("show", result.toString())).isZero();
    assertThat(cli.out()).isEqualTo(printed);
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void severalPolicies_endInATable() throws IOException {
    ToyCli cli = cli();
    assertThat(
            cli.run(
                replay(
                    "--policy",
                    "autoregressive",
                    "--policy",
                    "adaspec",
                    "--result-dir",
                    directory.toString())))
        .isZero();
    Path results = directory.resolve("20260203-040506");
    assertThat(results.resolve("autoregressive/run.json")).exists();
    assertThat(results.resolve("adaspec/run.json")).exists();
    assertThat(cli.out()).contains("speedup", "\nautoregressive", "\nadaspec");
    assertThat(cli.err())
        .contains("Latency profile written to " + cacheOf(directory))
        .contains("Policy autoregressive (1 of 2)", "Policy adaspec (2 of 2)");
    assertThat(cli.out()).contains("Verify time predicted/measured");

    assertThat(cli.run("show", results.toString())).isZero();
    assertThat(cli.out()).contains("\nautoregressive", "\nadaspec");
  }

  @Test
  void sloClasses_areAssignedAlikeUnderEveryPolicyAndReported() throws IOException {
    ToyCli cli = cli();
    Path output = directory.resolve("classes");
    assertThat(
            cli.run(
                replay(
                    "--policy",
                    "autoregressive",
                    "--policy",
                    "fixed:2",
                    "--slo-class",
                    "chat:ttft=500,tpot=50:0.4",
                    "--slo-class",
                    "code:ttft=900:0.4",
                    "--output",
                    output.toString())))
        .isZero();
    assertThat(cli.err())
        .contains(
            "Objectives chat, 40 % of the requests: TTFT <= 500 ms, TPOT <= 50 ms",
            "           code, 40 % of the requests: TTFT <= 900 ms",
            "           default, the rest: TTFT <= 1000 ms, TPOT <= 50 ms");
    assertThat(cli.out()).contains("-SLO Classes-", "\nchat ", "\ncode ", "\ndefault ", "worst");
    RunDirectory plain = new RunDirectory(output.resolve("autoregressive"));
    RunDirectory fixed = new RunDirectory(output.resolve("fixed-2"));
    assertThat(classes(plain)).containsValues("chat", "code", "default").isEqualTo(classes(fixed));
    assertThat(plain.readInfo().config().get("slo_classes").toString())
        .contains("name=chat", "share=0.4", "ttft_ns=500000000", "name=code");
  }

  private static Map<Long, String> classes(RunDirectory run) throws IOException {
    Map<Long, String> classes = new HashMap<>();
    ArrowRunReader.requests(run, row -> classes.put(row.id(), row.sloClass()));
    return classes;
  }

  @Test
  void aSecondReplay_usesTheProfileThatTheFirstMeasured() {
    ToyCli cli = cli();
    assertThat(cli.run(replay("--output", directory.resolve("one").toString()))).isZero();
    assertThat(cli.err()).contains("measuring one");
    assertThat(cli.run(replay("--output", directory.resolve("two").toString()))).isZero();
    assertThat(cli.err()).contains("Latency profile: ").doesNotContain("measuring one");
  }

  @Test
  void aForeignProfile_isRefusedWithTheReason() {
    ToyCli cli = cli();
    Path profile = directory.resolve("profile.json");
    assertThat(cli.run("profile", "--output", profile.toString(), "--dtype", "bf16")).isZero();
    assertThat(cli.run(replay("--profile", profile.toString()))).isEqualTo(2);
    assertThat(cli.err())
        .contains("adaspec: error: " + profile)
        .contains("dtype is 'bf16', not 'f32'");
  }

  @Test
  void profile_printsWhatItMeasured() {
    ToyCli cli = cli();
    assertThat(cli.run("profile")).isZero();
    assertThat(cli.out())
        .contains("Target forward, ms", "Draft forward, ms", "new tokens | context per request");
    assertThat(cli.err()).contains("Latency profile written to " + cacheOf(directory));
  }

  @Test
  void generate_showsAcceptedTokensInAnotherColourOnATerminalOnly() {
    ToyCli plain = cli();
    String[] line = {"generate", "--policy", "fixed:3", "--max-tokens", "40", "--ignore-eos", "ab"};
    assertThat(plain.run(line)).isZero();
    ToyCli terminal = cli().onTerminal();
    assertThat(terminal.run(line)).isZero();
    assertThat(plain.out()).startsWith("ab").doesNotContain("\033");
    assertThat(terminal.out()).contains("\033[32m");
    assertThat(terminal.out().replaceAll("\033\\[\\d*m", "")).isEqualTo(plain.out());
    assertThat(plain.err())
        .contains("40 tokens, after the first in")
        .contains("acceptance rate")
        .contains("acceptance length")
        .contains("decode steps by draft tokens verified");
  }

  @Test
  void generate_givesTheSameTextUnderEveryPolicy() {
    ToyCli cli = cli();
    assertThat(cli.run("generate", "--policy", "autoregressive", "text")).isZero();
    String expected = cli.out();
    assertThat(cli.err()).doesNotContain("acceptance rate");
    for (String policy : List.of("fixed:4", "adaspec")) {
      assertThat(cli.run("generate", "--policy", policy, "text")).isZero();
      assertThat(cli.out()).isEqualTo(expected);
    }
  }

  @Test
  void aPromptBeyondTheContext_isRefused() {
    ToyCli cli = cli();
    assertThat(cli.run("generate", "--max-context", "20", "--max-tokens", "18", "a prompt"))
        .isEqualTo(2);
    assertThat(cli.err()).contains("cannot be served", "exceed the context of 20");
  }

  @Test
  void strict_turnsAnInvalidResultIntoAFailure() {
    ToyCli cli = cli();
    assertThat(cli.run(replay("--max-context", "64", "--strict"))).isEqualTo(1);
    assertThat(cli.err()).contains("exceed the context of 64 and will be rejected");
    assertThat(cli.out()).contains("Result is: INVALID");
  }

  @Test
  void aStopWhileProfiling_leavesNoProfile() {
    ToyCli cli = cli().stoppedAtForward(50);
    assertThat(cli.run("profile")).isEqualTo(130);
    assertThat(cli.err()).endsWith("adaspec: stopped\n").doesNotContain("error");
    assertThat(cacheOf(directory)).doesNotExist();
  }

  @Test
  void aStopInTheFirstOfTwoRuns_printsItAndSkipsTheSecond() throws IOException {
    Path profile = directory.resolve("profile.json");
    assertThat(cli().run("profile", "--output", profile.toString())).isZero();
    Path output = directory.resolve("both");
    ToyCli cli = cli().stoppedAtForward(40);
    assertThat(
            cli.run(
                replay(
                    "--profile",
                    profile.toString(),
                    "--num-warmups",
                    "0",
                    "--policy",
                    "fixed:3",
                    "--policy",
                    "autoregressive",
                    "--output",
                    output.toString())))
        .isEqualTo(130);
    assertThat(cli.out()).contains("Result is: INVALID");
    assertThat(cli.err()).contains("Incomplete: stopped by a signal").endsWith("stopped\n");
    assertThat(new RunDirectory(output.resolve("fixed-3")).readInfo().status())
        .isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(output.resolve("autoregressive")).doesNotExist();
  }

  @Test
  void show_repairsAKilledRunWhenAskedTo() throws IOException {
    ToyCli cli = cli();
    Path result = directory.resolve("result");
    assertThat(cli.run(replay("--output", result.toString()))).isZero();
    RunDirectory run = new RunDirectory(result);
    RunInfo complete = run.readInfo();
    run.writeInfo(complete.ended(RunInfo.Status.RUNNING, "", 0));

    assertThat(cli.run("show", result.toString())).isZero();
    assertThat(cli.err()).contains("incomplete, the run was killed or still goes on");
    assertThat(run.readInfo().status()).isEqualTo(RunInfo.Status.RUNNING);

    assertThat(cli.run("show", "--repair", result.toString())).isZero();
    assertThat(cli.err()).contains("files completed");
    assertThat(run.readInfo().status()).isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(run.readInfo().statusReason()).isEqualTo("killed");
  }

  @Test
  void version_isThatOfTheBuild() {
    ToyCli cli = cli();
    assertThat(cli.run("--version")).isZero();
    assertThat(cli.out()).matches("adaspec \\d+\\.\\d+\\.\\d+.*\n");
  }

  @Test
  void help_explainsEveryCommandAndPolicy() {
    ToyCli cli = cli();
    assertThat(cli.run()).isZero();
    assertThat(cli.out()).contains("replay", "profile", "generate", "show");
    assertThat(cli.run("replay", "--help")).isZero();
    assertThat(cli.out())
        .contains("Usage: adaspec replay [OPTION]...")
        .contains("Policies\n  adaspec", "fixed:k", "Examples\n")
        .contains("(default: ttft:1000,tpot:50)", "(default: f32)", "(default: 16)");
    try (Stream<String> lines = cli.out().lines()) {
      assertThat(lines).allMatch(line -> line.length() <= 80);
    }
  }

  private ToyCli cli() {
    return new ToyCli(cacheOf(directory));
  }

  private static Path cacheOf(Path directory) {
    return directory.resolve("cache");
  }

  private String[] replay(String... options) {
    Stream<String> given = Stream.of(options);
    if (!List.of(options).contains("--output") && !List.of(options).contains("--result-dir")) {
      given = Stream.concat(given, Stream.of("--output", directory.resolve("r").toString()));
    }
    return Stream.concat(Stream.concat(Stream.of("replay"), SHORT.stream()), given)
        .toArray(String[]::new);
  }
}
