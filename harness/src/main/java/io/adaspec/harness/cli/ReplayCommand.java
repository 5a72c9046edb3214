package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.run.Replay;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.run.RunDescription;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec replay`.
@Command(
    header = "Replay a service trace in real time and report what users would have seen.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nRequests are sent at their scheduled times whatever the engine does, and every latency"
          + " counts from the schedule, so a system that falls behind cannot hide its queue. Each"
          + " run leaves requests.arrow, steps.arrow, histograms.arrow and run.json; 'adaspec show"
          + " DIR' prints its result again.%n"
    },
    customSynopsis = "adaspec replay [OPTION]...",
    footer = {
      "%nExamples",
      "  adaspec replay",
      "      the embedded minute on the embedded models, with AdaSpec",
      "  adaspec replay --policy autoregressive --policy fixed:4 --policy adaspec",
      "      three policies on the same requests, and their speedups",
      "  adaspec replay --trace azure.csv --duration 120 --length-scale 0.1",
      "      two minutes of a trace, its texts shortened to fit small models",
      "  adaspec replay --slo-class chat:ttft=500,tpot=50:0.7",
      "      seven of ten requests have objectives of their own",
      "  adaspec replay --request-rate 4 --burstiness 0.5 --goodput ttft:300",
      "      bursty arrivals instead of the trace's, and another objective"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ReplayCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();
  @Mixin private final PolicyOption policy = new PolicyOption();
  @Mixin private final RepeatOption repeat = new RepeatOption();

  @ArgGroup(validate = false, heading = "%nWorkload%n")
  private final WorkloadOptions workload = new WorkloadOptions();

  @ArgGroup(validate = false, heading = "%nLoad%n")
  private final LoadOptions load = new LoadOptions();

  @ArgGroup(validate = false, heading = "%nObjectives%n")
  private final GoodputOption goodput = new GoodputOption();

  @ArgGroup(validate = false, heading = "%nModels and device%n")
  private final ModelOptions models = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final EngineOptions engine = new EngineOptions();

  @ArgGroup(validate = false, heading = "%nSampling%n")
  private final SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "Latency profile to predict with (default: measured and kept when a policy first asks for"
              + " one).")
  private Path profile;

  @ArgGroup(validate = false, heading = "%nResults%n")
  private final ResultOptions results = new ResultOptions();

  @ArgGroup(validate = false, heading = "%nResult block%n")
  private final ResultOptions.Block block = new ResultOptions.Block();

  ReplayCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    // Whatever can be wrong is found out here, before models are loaded.
    List<PolicySpec> policies = policy.parse();
    models.validate(policies);
    DeploymentLoader.Limits limits = engine.limits(models.device);
    engine.requireRoomFor(policies);
    WorkloadSettings settings = workload.settings();
    RunConfig.Load pace = load.load();
    SloMix objectives = goodput.mix();
    block.options();
    List<Long> seeds = repeat.seeds(sampling.seed);
    if (profile != null) {
      LatencyProfile.read(profile);
    }
    List<Path> directories =
        ResultDirectories.plan(
            results.output,
            results.resultDir,
            environment.time().instant(),
            repeat.names(policies, seeds));
    List<WorkloadSource> sources = new ArrayList<>();
    for (long seed : seeds) {
      sources.add(WorkloadSource.read(settings, seed));
    }
    boolean givesLengths = sources.getFirst().givesOutputLengths();
    RunConfig.Generation generation = sampling.generation(models.drafts(), givesLengths);

    environment.say("Loading models ...");
    try (Deployment deployment = environment.loader().load(models.spec(policies, limits))) {
      environment.stop().check();
      List<Workload> workloads = new ArrayList<>();
      for (WorkloadSource source : sources) {
        workloads.add(source.build(deployment.codec()));
      }
      List<RunConfig> configs =
          seeds.stream()
              .map(
                  seed ->
                      new RunConfig(
                          deployment
                              .limits()
                              .recordingDecisions(results.decisions == null || results.decisions),
                          generation,
                          pace,
                          objectives,
                          seed,
                          results.metadata))
              .toList();
      new Preamble(environment)
          .print(deployment, workloads.getFirst(), configs.getFirst(), givesLengths);
      Profiles profiles = new Profiles(environment);
      Optional<LatencyProfile> measured = profiles.obtain(profile, deployment, policies);
      Optional<Path> profileFile =
          measured.map(any -> profile != null ? profile : profiles.file(deployment));
      List<RunReport> reports = new ArrayList<>();
      for (int round = 0; round < seeds.size(); round++) {
        RunConfig config = configs.get(round);
        Workload requests = workloads.get(round);
        PolicyRuns runs =
            new PolicyRuns(
                environment,
                reports,
                new Replay(
                    deployment,
                    measured,
                    config,
                    requests,
                    environment.clock(),
                    environment.stop()),
                (spec, startedAt) ->
                    RunDescription.of(
                        startedAt, spec, deployment, config, settings, requests, profileFile),
                block,
                results.progress);
        for (RepeatOption.Run run : RepeatOption.round(policies, round)) {
          repeat.announce(environment, policies, run, config.seed());
          runs.run(run.policy(), new RunDirectory(directories.get(run.number())));
        }
      }
      if (reports.size() > 1) {
        environment.out().println(SideBySide.of(reports));
      }
      return results.strict && !SideBySide.allValid(reports) ? Errors.RUN_FAILED : 0;
    }
  }
}
