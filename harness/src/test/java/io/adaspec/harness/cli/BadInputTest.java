package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a person is told about a wrong command line, before any model is loaded.
class BadInputTest {
  @TempDir private Path directory;

  static Stream<Arguments> complaints() {
    return Stream.of(
        bad(
            "sweep --output none --max-goodput --rate-scale 1,2",
            "--max-goodput starts from one --rate-scale, not 2"),
        bad("sweep --output none --max-goodput plan.yaml", "--max-goodput searches the loads that"),
        bad("sweep --output none plan.yaml --seed 1", "--seed is said by the plan plan.yaml"),
        bad("sweep --output none --traces-from src", "--traces-from needs a plan to apply to"),
        bad("sweep --output none plan.yaml --traces-from none", "--traces-from is no folder: none"),
        bad(
            "sweep --output none --too-long drop",
            "--too-long must be refuse, cut or reject: 'drop'"),
        bad("replay --policy oracle", "policy oracle needs to know what only a simulation knows"),
        bad("generate --policy oracle:1 text", "policy oracle:1 needs to know what only a"),
        bad("simulate --policy oracle:9", "oracle: width must be an integer from 1 to 8, not '9'"),
        bad("replay --policy adaspek", "unknown policy 'adaspek'; nearest: adaspec,"),
        bad("replay --policy fixed:0", "fixed: k must be an integer from 1 to 32, not '0'"),
        bad("replay --policy adaspec --policy adaspec", "policy adaspec is given twice"),
        bad("replay --goodput ttft:0", "--goodput needs positive milliseconds: 'ttft:0'"),
        bad("replay --goodput ttfb:9", "--goodput takes ttft:MS, tpot:MS and e2el:MS: 'ttfb:9'"),
        bad("replay --goodput tpot:x", "--goodput needs milliseconds: 'tpot:x'"),
        bad("replay --goodput tpot:1,tpot:2", "--goodput names tpot twice"),
        bad("replay --slo-class chat", "--slo-class takes NAME:OBJECTIVES:SHARE, as"),
        bad("replay --slo-class a:ttft=5:x", "--slo-class a needs a share in (0, 1]: 'x'"),
        bad("replay --slo-class a:ttft=5:0", "--slo-class: SLO class a: share must be in (0, 1]"),
        bad("replay --slo-class a:ttft:5:1", "--slo-class takes NAME:OBJECTIVES:SHARE, as"),
        bad("replay --slo-class a:ttfb=5:1", "--slo-class a takes ttft=MS, tpot=MS and e2el=MS:"),
        bad("replay --slo-class a:ttft=-5:1", "--slo-class a needs positive milliseconds: 'ttft=-"),
        bad("replay --slo-class é:ttft=5:1", "--slo-class: the name of an SLO class has letters"),
        bad(
            "replay --slo-class a:ttft=5:.6 --slo-class b:ttft=5:.6",
            "--slo-class: the shares of the SLO classes add up to 1.2"),
        bad("replay --device tpu", "--device must be cpu, gpu or gpu:N: 'tpu'"),
        bad("replay --dtype int4", "--dtype must be f32, f16, bf16 or int8: 'int4'"),
        bad("replay --threads 0", "--threads must be >= 1: 0"),
        bad("replay --max-batch 0", "--max-batch must be >= 1: 0"),
        bad("replay --max-batch-tokens 8", "--max-batch-tokens must be >= --max-batch (16): 8"),
        bad(
            "replay --max-batch 8 --max-batch-tokens 11 --policy static-tree:1,1,3,1,1",
            "policy static-tree:1,1,3,1,1 verifies up to 12 tokens"),
        bad("replay --max-context 1", "--max-context must be >= 2: 1"),
        bad("replay --kv-blocks 0", "--kv-blocks must be >= 1: 0"),
        bad("replay --gpu-memory-utilization 0.8", "--gpu-memory-utilization needs --device gpu;"),
        bad(
            "replay --device gpu --gpu-memory-utilization 1.1",
            "--gpu-memory-utilization must be in (0, 1]: 1.1"),
        bad(
            "replay --device gpu:1 --gpu-memory-utilization 0.8 --kv-blocks 9",
            "--gpu-memory-utilization sizes the KV cache, and so does --kv-blocks"),
        bad("replay --temperature -1", "temperature must be finite and >= 0: -1.0"),
        bad("replay --top-p 2", "top-p must be in (0, 1]: 2.0"),
        bad("replay --temperature warm", "Invalid value for option '--temperature': 'warm'"),
        bad("replay --draft some/dir", "--draft some/dir needs --target beside it"),
        bad("replay --target src", "policy adaspec needs a draft model: --draft MODEL"),
        bad("replay --target none --draft src", "--target is no directory: none"),
        bad("replay --draft-sampling greedy", "--draft-sampling must be deterministic or sampled"),
        bad("replay --draft-sampling sampled", "adaspec prunes by confidence, which is lossless"),
        bad("replay --request-rate 0", "request rate must be > 0: 0.0"),
        bad("replay --burstiness 2", "--burstiness 2.0 needs --request-rate"),
        bad("replay --rate-scale 0", "rate scale must be positive and finite: 0.0"),
        bad("replay --rate-scale 2 --request-rate 1", "the rate scale of 2.0 scales the trace's"),
        bad("replay --start -1", "--start must be in 0..1e9 seconds: -1.0"),
        bad("replay --on-unsorted ignore", "--on-unsorted must be sort or refuse: 'ignore'"),
        bad("replay --max-concurrency 0", "max concurrency must be >= 1: 0"),
        bad("replay --trace-format azure", "a trace format (azure) needs a trace to apply to"),
        bad("replay --trace none.csv", "none.csv: no such file or directory"),
        bad("replay --prompts none.jsonl", "none.jsonl: no such file or directory"),
        bad("replay --metric-percentiles 101", "--metric-percentiles must be in (0, 100]: 101.0"),
        bad("replay --percentile-metrics tbt", "--percentile-metrics takes ttft, tpot, itl"),
        bad("replay --polcy adaspec", "Unknown option"),
        bad("replay --num-prompts 0", "--num-prompts must be >= 1: 0"),
        bad("replay --max-output-tokens -1", "--max-output-tokens must be >= 1: -1"),
        bad("replay --duration 0", "--duration must be > 0: 0.0"),
        bad("replay --trace src", "src: is a directory"),
        bad("simulate --trace none.csv", "none.csv: no such file or directory"),
        bad("simulate --max-batch 0", "--max-batch must be >= 1: 0"),
        bad("simulate --acceptance none.arrow", "none.arrow: no such file or directory"),
        bad("simulate --acceptance none.json", "none.json: no such file or directory"),
        bad("fidelity --policy oracle", "policy oracle needs to know what only a simulation knows"),
        bad("schedule --max-length 0", "--max-length must be in 1..32: 0"),
        bad("schedule --repeat 0", "--repeat must be >= 1: 0"),
        bad("schedule --trace none.csv", "none.csv: no such file or directory"),
        bad("benchmark --short --full", "--short, --full are mutually exclusive"),
        bad("generate", "Missing required parameter: 'PROMPT'"),
        bad("generate --max-tokens 0 text", "--max-tokens must be >= 1: 0"),
        bad("show nowhere", "nowhere: no such file or directory"),
        bad("repaly", "Unmatched argument"));
  }

  private static Arguments bad(String commandLine, String complaint) {
    return Arguments.of(commandLine, complaint);
  }

  @ParameterizedTest
  @MethodSource("complaints")
  void oneLineSaysWhatIsWrong(String commandLine, String complaint) {
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run(commandLine.split(" "))).isEqualTo(2);
    assertThat(cli.err()).startsWith("adaspec: error: " + complaint);
    assertThat(cli.err()).doesNotContain("\tat ", "Exception");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aTracesFault_isLocated() throws IOException {
    Path trace =
        Files.writeString(
            directory.resolve("week.csv"),
            "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                + "2023-11-16 18:15:46.6805900,374,44\n"
                + "2023-11-16 18:15:50.9951690,-3,109\n");
    assertError("week.csv:3: column ContextTokens", "--trace", trace.toString());
  }

  @Test
  void aProfileThatIsNone_isNamed() throws IOException {
    Path profile = Files.writeString(directory.resolve("profile.json"), "{}");
    assertError(profile.toString(), "--profile", profile.toString());
  }

  @Test
  void aDirectoryThatHoldsAResult_isNotOverwritten() throws IOException {
    Path result = Files.createDirectories(directory.resolve("result"));
    Files.writeString(result.resolve("run.json"), "{}");
    assertError(
        result + ": exists already, choose another --output", "--output", result.toString());
  }

  @Test
  void aProfileThatCannotBeWritten_isNotMeasured() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run("profile", "--output", file.resolve("profile.json").toString()))
        .isEqualTo(2);
    assertThat(cli.err()).startsWith("adaspec: error: " + file + ": not a directory");
  }

  @Test
  void jacksonsTerms_areNotShown() throws IOException {
    Path profile = Files.writeString(directory.resolve("profile.json"), "{}");
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run("replay", "--profile", profile.toString())).isEqualTo(2);
    assertThat(cli.err()).startsWith("adaspec: error: " + profile + ": has no 'version'\n");
  }

  @Test
  void verbose_addsTheStackTrace() {
    ToyCli cli = new ToyCli(directory).withoutModels();
    assertThat(cli.run("replay", "--verbose", "--policy", "x")).isEqualTo(2);
    assertThat(cli.err()).contains("adaspec: error: unknown policy 'x'", "\tat ");
  }

  private void assertError(String complaint, String... options) {
    ToyCli cli = new ToyCli(directory).withoutModels();
    String[] line =
        Stream.concat(Stream.of("replay"), Arrays.stream(options)).toArray(String[]::new);
    assertThat(cli.run(line)).isEqualTo(2);
    assertThat(cli.err()).startsWith("adaspec: error: " + complaint);
  }
}
