package io.adaspec.harness.cli;

import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.run.DecisionReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `adaspec decisions`.
@Command(
    header = "Ask a run's policy again and say whether it decides as recorded.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nThe policy gets the recorded batches, confidences, verdicts and times, and the latency"
          + " profile of the run; no model is loaded. Exits with 1 and names the first step that"
          + " differs, where one does.%n"
    },
    customSynopsis = "adaspec decisions DIR...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class DecisionsCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "A result directory, or one that holds the results of several policies.")
  private List<Path> directories;

  DecisionsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    boolean reproduced = true;
    for (RunDirectory run : RunDirectories.find(directories)) {
      PolicySpec policy = Policies.parse(run.readInfo().policy());
      DecisionReplay.Result result = DecisionReplay.of(run, policy);
      reproduced &= result.reproduced();
      say(
          "%s: %s, %,d steps with %,d decisions and %,d draft tokens reproduced",
          run.path(), policy.name(), result.steps(), result.decisions(), result.drafted());
      if (!result.reproduced()) {
        say("  first difference: %s", result.difference());
      }
      if (!result.end().isEmpty()) {
        say("  not asked further: %s", result.end());
      }
    }
    return reproduced ? 0 : Errors.RUN_FAILED;
  }

  private void say(String format, Object... arguments) {
    environment.out().println(String.format(Locale.ROOT, format, arguments));
  }
}
