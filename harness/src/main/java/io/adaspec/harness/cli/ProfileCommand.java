package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec profile`.
@Command(
    header =
        "Measure how long draft and target forwards take, over a grid of new tokens and context.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nPolicies predict step times from this profile. 'adaspec replay' measures one on first use;"
          + " measure again if the machine was busy then.%n"
    },
    customSynopsis = "adaspec profile [OPTION]...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ProfileCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @ArgGroup(validate = false, heading = "%nModels and device%n")
  private final ModelOptions models = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the profile goes (default: the cache, where replay looks for it).")
  private Path output;

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      description =
          "About how long it may take: points of the grid that would take longer are left out,"
              + " largest first (default: ${DEFAULT-VALUE}).")
  private long budget = Profiles.BUDGET.toSeconds();

  ProfileCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    List<PolicySpec> policies =
        models.target != null && models.draft == null
            ? List.of()
            : List.of(Policies.parse(PolicyOption.DEFAULT));
    models.validate(policies);
    DeploymentLoader.Limits limits = engine.limits(models.device);
    Numbers.atLeastOne("--budget", budget);
    if (output != null) {
      ResultDirectories.requireWritable(output);
    }
    environment.say("Loading models ...");
    try (Deployment deployment = environment.loader().load(models.spec(policies, limits))) {
      environment.stop().check();
      LatencyProfile profile =
          new Profiles(environment).measure(output, deployment, Duration.ofSeconds(budget));
      environment.out().print(ProfileTable.of(profile));
    }
    return 0;
  }
}
