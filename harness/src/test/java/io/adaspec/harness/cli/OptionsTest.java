package io.adaspec.harness.cli;

import static io.adaspec.engine.spec.DraftSampling.DETERMINISTIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.run.WorkloadSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class OptionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--goodput ttft:500,tpot:50,e2el:9000",
        "--goodput ttft:500 tpot:50 e2el:9000",
        "--goodput tpot:50.0 --goodput ttft:5e2,e2el:9000"
      })
  void goodput_takesBothForms(String commandLine) {
    assertThat(parse(new GoodputOption(), commandLine).slo())
        .isEqualTo(new Slo(500_000_000, 50_000_000, 9_000_000_000L));
  }

  @Test
  void goodput_thatIsGivenReplacesTheDefaultAsAWhole() {
    assertThat(new GoodputOption().slo()).isEqualTo(new Slo(1_000_000_000, 50_000_000, Slo.NONE));
    assertThat(parse(new GoodputOption(), "--goodput tpot:20").slo())
        .isEqualTo(new Slo(Slo.NONE, 20_000_000, Slo.NONE));
  }

  @Test
  void sloClasses_haveObjectivesAndAShare() {
    String chat = "--slo-class chat:ttft=500,tpot=50:0.7";
    SloMix mix = parse(new GoodputOption(), chat + " --slo-class code:e2el=9e3:0.2").mix();
    assertThat(mix.defaults()).isEqualTo(new GoodputOption().slo());
    assertThat(mix.classes())
        .containsExactly(
            new SloMix.SloClass("chat", new Slo(500_000_000, 50_000_000, Slo.NONE), 0.7),
            new SloMix.SloClass("code", new Slo(Slo.NONE, Slo.NONE, 9_000_000_000L), 0.2));
  }

  @Test
  void decisions_areSaidOrLeftToTheCommand() {
    assertThat(parse(new ResultOptions(), "--strict").decisions).isNull();
    assertThat(parse(new ResultOptions(), "--decisions").decisions).isTrue();
    assertThat(parse(new ResultOptions(), "--no-decisions").decisions).isFalse();
  }

  @Test
  void all_isThePapersComparisonAndEveryPolicyWithoutParameters() {
    List<String> names =
        parse(new PolicyOption(), "--policy all").parse().stream().map(PolicySpec::name).toList();
    assertThat(names)
        .startsWith("autoregressive", "fixed:1", "fixed:3", "fixed:5")
        .contains("adaspec")
        .doesNotHaveDuplicates();
    assertThat(parse(new PolicyOption(), "--policy all --policy fixed:7").parse())
        .hasSize(names.size() + 1);
  }

  @Test
  void all_leavesOutWhatASimulationCannotServe() {
    PolicyOption option = new PolicyOption();
    option.names = List.of("all", "prompt-lookup:2,3");
    List<String> notes = new ArrayList<>();
    List<String> served =
        option
            .parseForSimulation(
                policy ->
                    policy.source() == PolicySpec.Source.POLICY
                        ? Optional.of(policy.name() + " has no text")
                        : Optional.empty(),
                notes::add)
            .stream()
            .map(PolicySpec::name)
            .toList();
    assertThat(notes).containsExactly("left out of --policy all: prompt-lookup:3,5 has no text");
    assertThat(served).contains("adaspec", "prompt-lookup:2,3").doesNotContain("prompt-lookup:3,5");
  }

  @Test
  void numPrompts_limitsATraceAndCountsSyntheticArrivals() {
    WorkloadSettings cut = parse(new WorkloadOptions(), "--num-prompts 9").settings();
    assertThat(cut.shape().caps().requests()).isEqualTo(9);
    WorkloadSettings drawn =
        parse(new WorkloadOptions(), "--num-prompts 9 --request-rate inf").settings();
    assertThat(drawn.shape().caps().requests()).isEqualTo(Integer.MAX_VALUE);
    assertThat(drawn.arrivals().orElseThrow().requests()).contains(9);
    assertThat(drawn.arrivals().orElseThrow().requestsPerSecond()).isInfinite();
  }

  @Test
  void ignoreEos_followsTheTraceUnlessItIsSaid() {
    assertThat(new SamplingOptions().generation(DETERMINISTIC, true).ignoreEos()).isTrue();
    assertThat(new SamplingOptions().generation(DETERMINISTIC, false).ignoreEos()).isFalse();
    assertThat(
            parse(new SamplingOptions(), "--no-ignore-eos")
                .generation(DETERMINISTIC, true)
                .ignoreEos())
        .isFalse();
    assertThat(
            parse(new SamplingOptions(), "--ignore-eos")
                .generation(DETERMINISTIC, false)
                .ignoreEos())
        .isTrue();
  }

  @Test
  void resultDirectories_areNamedAfterTimeAndPolicy(@TempDir Path parent) throws IOException {
    Instant now = Instant.parse("2026-02-03T04:05:06Z");
    assertThat(ResultDirectories.plan(null, parent, now, List.of("fixed:4")))
        .containsExactly(parent.resolve("20260203-040506-fixed-4"));
    assertThat(ResultDirectories.plan(null, parent, now, List.of("fixed:4", "adaspec")))
        .containsExactly(
            parent.resolve("20260203-040506/fixed-4"), parent.resolve("20260203-040506/adaspec"));
    Path output = parent.resolve("mine");
    assertThat(ResultDirectories.plan(output, parent, now, List.of("static-tree:1,3,1")))
        .containsExactly(output);
  }

  private static <T> T parse(T options, String commandLine) {
    new CommandLine(
            CommandLine.Model.CommandSpec.create()
                .addMixin("options", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
        .parseArgs(commandLine.split(" "));
    return options;
  }
}
