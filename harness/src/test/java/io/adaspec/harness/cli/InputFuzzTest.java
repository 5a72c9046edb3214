package io.adaspec.harness.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.engine.Mutations;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfileException;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.trace.TraceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Damaged traces, profiles and options are refused with a reason, or taken; never anything else.
class InputFuzzTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void traces(TraceFormat format) {
    byte[][] seeds =
        Mutations.texts(
            switch (format) {
              case AZURE ->
                  "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                      + "2023-11-16 18:15:46.6805900,374,44\n"
                      + "2023-11-16 18:15:50.9951690,396,109\n";
              case BURST_GPT ->
                  "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
                      + "5,ChatGPT,472,18,490,Conversation log\n"
                      + "45,GPT-4,1087,230,1317,API log\n";
              case MOONCAKE ->
                  "{\"timestamp\":0,\"input_length\":600,\"output_length\":5,\"hash_ids\":[7,8]}\n"
                      + "{\"timestamp\":9,\"input_length\":20,\"output_length\":1,\"hash_ids\":[7]}\n";
              case ADASPEC -> "arrival_s,prompt_tokens,output_tokens\n0.5,10,20\n1.25,7,3\n";
              case ARRIVALS -> "Timestamp\n0.5\n1.25\n7\n";
            });
    report(
        "traces of " + format.id(),
        seeds,
        input -> format.reader().read(InputSource.bytes("trace", input)),
        Set.of(InputFormatException.class));
    report(
        "recognised " + format.id(),
        seeds,
        input -> {
          InputSource source = InputSource.bytes("trace", input);
          TraceFormat.detect(source).reader().read(source);
        },
        Set.of(InputFormatException.class));
  }

  @Test
  void policies() {
    report(
        "policies",
        Mutations.texts(
            "autoregressive",
            "fixed:4",
            "static-tree:1,1,3,1",
            "sequoia:16,4",
            "threshold:0.4",
            "smartspec",
            "batch-schedule:1-4=5,5-16=2",
            "batch-schedule:[[1, 4, 5], [5, 16, 2]]",
            "prompt-lookup:3,8",
            "bandit",
            "adaspec:8",
            "adaspec-plus:8,no-trees,no-slack"),
        input -> Policies.parse(new String(input, UTF_8)),
        Set.of(PolicyException.class));
  }

  @Test
  void objectives() {
    report(
        "--goodput",
        Mutations.texts("ttft:500", "tpot:50.5", "e2el:1e3"),
        input -> {
          GoodputOption option = new GoodputOption();
          option.objectives = List.of(new String(input, UTF_8).split(","));
          option.mix();
        },
        Set.of(IllegalArgumentException.class));
    report(
        "--slo-class",
        Mutations.texts("chat:ttft=500,tpot=50:0.7", "code:e2el=10:0.3"),
        input -> {
          GoodputOption option = new GoodputOption();
          option.classes = List.of(new String(input, UTF_8));
          option.mix();
        },
        Set.of(IllegalArgumentException.class));
  }

  @Test
  void profiles() throws IOException {
    Path file = directory.resolve("profile.json");
    FlatCost.MILLISECOND.profile().write(file);
    byte[][] seeds = {Files.readAllBytes(file)};
    report(
        "profiles",
        seeds,
        input -> {
          Files.write(file, input);
          new ProfiledCostModel(LatencyProfile.read(file));
        },
        Set.of(ProfileException.class));
  }

  private static void report(
      String name, byte[][] seeds, Mutations.Reader reader, Set<Class<?>> allowed) {
    System.out.println(Mutations.run(name, seeds, reader, allowed));
  }
}
