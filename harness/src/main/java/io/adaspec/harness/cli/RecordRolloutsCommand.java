package io.adaspec.harness.cli;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RolloutFile;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.sim.RolloutLibrary;
import io.adaspec.harness.sim.RolloutRecording;
import io.adaspec.harness.target.Deployment;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec record-rollouts`.
@Command(
    header =
        "Record what the draft proposes, and the target accepts, at every position of replies.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nThe target continues every prompt greedily; at each position the draft's continuation, its"
          + " confidences and alternatives are noted. 'adaspec simulate --acceptance FILE' replays"
          + " them.%n"
    },
    customSynopsis = "adaspec record-rollouts [OPTION]...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class RecordRolloutsCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "JSONL with text or prompt, or Spec-Bench (default: the embedded texts).")
  private Path prompts;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the rollouts go; must not exist (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("rollouts.arrow");

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Positions per prompt (default: ${DEFAULT-VALUE}).")
  private int tokens = 192;

  @Option(
      names = "--depth",
      paramLabel = "K",
      description = "Tokens of the draft's continuation (default: ${DEFAULT-VALUE}).")
  private int depth = 16;

  @Option(
      names = "--width",
      paramLabel = "M",
      description = "Most probable tokens noted at a position (default: ${DEFAULT-VALUE}).")
  private int width = 8;

  @ArgGroup(validate = false, heading = "%nModels and device%n")
  private final ModelOptions models = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final EngineOptions engine = new EngineOptions();

  RecordRolloutsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    inRange("--tokens", tokens, 1, 1_000_000);
    inRange("--depth", depth, 1, 64);
    inRange("--width", width, 1, 64);
    if (!models.draftSampling.equals("deterministic")) {
      throw new IllegalArgumentException(
          "--draft-sampling " + models.draftSampling + ": rollouts are deterministic drafts");
    }
    List<PolicySpec> drafting = List.of(Policies.parse(PolicyOption.DEFAULT));
    models.validate(drafting);
    if (Files.exists(output)) {
      throw new FileAlreadyExistsException(output.toString(), null, "choose another --output");
    }
    ResultDirectories.requireWritable(output);
    PromptSet texts = prompts == null ? PromptSet.embedded() : PromptSet.read(prompts);
    environment.say("Loading models ...");
    try (Deployment deployment =
        environment.loader().load(models.spec(drafting, engine.limits(models.device)))) {
      environment.stop().check();
      RolloutRecording.Result result =
          new RolloutRecording(deployment, tokens, depth, width)
              .record(
                  texts,
                  environment.time().instant().toString(),
                  environment.clock(),
                  this::update);
      if (environment.errIsTerminal()) {
        environment.err().print("\r\033[K");
      }
      RolloutFile.write(output, result.rollouts());
      report(result);
    }
    return 0;
  }

  private static void inRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be in %d..%d: %d".formatted(option, min, max, value));
    }
  }

  private void update(long done, long total) {
    environment.stop().check();
    if (environment.errIsTerminal()) {
      environment.err().printf(Locale.ROOT, "\r\033[KRecording: %,d of %,d tokens", done, total);
      environment.err().flush();
    }
  }

  private void report(RolloutRecording.Result result) throws IOException {
    Rollouts rollouts = result.rollouts();
    RolloutLibrary library = RolloutLibrary.of(rollouts);
    say(
        "Rollouts of %s and %s: %d generations, %,d positions, %,d bytes, in %s",
        rollouts.header().target().name(),
        rollouts.header().draft().name(),
        rollouts.generations().size(),
        rollouts.positions(),
        Files.size(output),
        output);
    say(
        "Share accepted of the draft's first, second, ... choice: %s",
        library.acceptanceByRank().stream()
            .map(share -> String.format(Locale.ROOT, "%.3f", share))
            .collect(Collectors.joining(" ")));
    if (result.cutPrompts() > 0) {
      say("%d prompts did not fit the context and were cut", result.cutPrompts());
    }
    if (result.disagreements() > 0) {
      say(
          "%d positions at which the continuation disagrees with the draft's choices made anew",
          result.disagreements());
    }
  }

  private void say(String format, Object... arguments) {
    environment.say(String.format(Locale.ROOT, format, arguments));
  }
}
