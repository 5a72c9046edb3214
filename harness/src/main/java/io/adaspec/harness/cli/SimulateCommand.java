package io.adaspec.harness.cli;

import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.ResultBlock;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.run.SimulationDescription;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.Injection;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.SimulatedProfiler;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.TooLong;
import io.adaspec.workload.WorkloadPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `adaspec simulate`.
@Command(
    header = "Replay a service trace in virtual time on a simulated deployment.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nThe engine, its scheduler and the policies are the real ones; the forwards' outcomes come"
          + " from recorded or synthetic rollouts and their durations from a model of the device. A"
          + " run is deterministic and leaves the files that a replay leaves.%n"
    },
    customSynopsis = "adaspec simulate [OPTION]...",
    footer = {
      "%nExamples",
      "  adaspec simulate --policy autoregressive --policy fixed:3 --policy adaspec",
      "      three policies on the embedded models and trace, and their speedups",
      "  adaspec simulate --deployment profile.json --trace azure.csv --too-long cut",
      "      a whole trace on the device that a profile was measured on",
      "  adaspec simulate --inject slowdown:2@20s-40s",
      "      how AdaSpec takes it that the device slows down for a while"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SimulateCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();
  @Mixin private final PolicyOption policy = new PolicyOption();
  @Mixin private final RepeatOption repeat = new RepeatOption();

  @ArgGroup(validate = false, heading = "%nDeployment%n")
  private final DeploymentOption deployment = new DeploymentOption();

  @ArgGroup(validate = false, heading = "%nOutcomes%n")
  private final AcceptanceOptions acceptance = new AcceptanceOptions();

  @ArgGroup(validate = false, heading = "%nWorkload%n")
  private final WorkloadOptions workload = new WorkloadOptions();

  @ArgGroup(validate = false, heading = "%nLoad and objectives%n")
  private final GoodputOption goodput = new GoodputOption();

  @ArgGroup(validate = false, heading = "%nSimulation%n")
  private final SimulationOptions simulation = new SimulationOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final SimulatedEngineOptions engine = new SimulatedEngineOptions();

  @ArgGroup(validate = false, heading = "%nResults%n")
  private final ResultOptions results = new ResultOptions();

  @ArgGroup(validate = false, heading = "%nResult block%n")
  private final ResultOptions.Block block = new ResultOptions.Block();

  SimulateCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    List<PolicySpec> wanted = policy.parseForSimulation();
    WorkloadSettings settings = workload.settings();
    if (settings.prompts().isPresent()) {
      throw new IllegalArgumentException(
          "--prompts " + settings.prompts().get() + ": a simulation's texts are its rollouts'");
    }
    List<Injection> injections = simulation.injections();
    TooLong tooLong = TooLong.parse(simulation.tooLong);
    SloMix objectives = goodput.mix();
    ResultBlock.Options shown = block.options();
    List<Long> seeds = repeat.seeds(simulation.seed);
    Instant now = environment.time().instant();
    // Whatever can be wrong is found out here, before a profile is measured.
    directories(now, wanted, seeds);
    engine.check();
    acceptance.check();
    List<WorkloadSource> workloads = new ArrayList<>();
    for (long seed : seeds) {
      workloads.add(WorkloadSource.read(settings, seed));
    }
    SimulatedDevice given = deployment.resolve(environment);
    boolean decisions = results.decisions != null && results.decisions;
    SimulatedDevice device =
        given.withLimits(engine.over(given.limits()).recordingDecisions(decisions));
    boolean synthetic = acceptance.synthetic(device);
    List<PolicySpec> policies =
        policy.parseForSimulation(
            each -> Simulation.refusal(each, device, synthetic), environment::say);
    List<Path> directories = directories(now, policies, seeds);
    List<RunReport> reports = new ArrayList<>();
    for (int round = 0; round < seeds.size(); round++) {
      long seed = seeds.get(round);
      AcceptanceSource source = acceptance.resolve(device, seed);
      WorkloadPlan planned = workloads.get(round).plan(source.library().categories());
      Simulation.Spec spec =
          new Simulation.Spec(
              device,
              SimulatedProfiler.measure(
                  device, simulation.noise, seed, source.library().acceptanceByRank()),
              source,
              tooLong.apply(planned, device),
              objectives,
              seed,
              simulation.maxConcurrency == null
                  ? OptionalInt.empty()
                  : OptionalInt.of(simulation.maxConcurrency),
              simulation.noise,
              injections);
      Simulation simulated = new Simulation(spec);
      policies.forEach(simulated::requireServes);
      if (round == 0) {
        new SimulationPreamble(environment).print(spec, planned);
      }
      SimulationRuns runs =
          new SimulationRuns(
              environment,
              reports,
              simulated,
              (each, startedAt) ->
                  SimulationDescription.of(
                      startedAt,
                      each,
                      spec,
                      settings,
                      simulation.inject,
                      tooLong.toString(),
                      results.metadata),
              shown);
      for (RepeatOption.Run run : RepeatOption.round(policies, round)) {
        repeat.announce(environment, policies, run, seed);
        runs.run(run.policy(), directories.get(run.number()));
      }
    }
    if (reports.size() > 1) {
      environment.out().println(SideBySide.of(reports));
    }
    return results.strict && !SideBySide.allValid(reports) ? Errors.RUN_FAILED : 0;
  }

  private List<Path> directories(Instant now, List<PolicySpec> policies, List<Long> seeds)
      throws IOException {
    return ResultDirectories.plan(
        results.output, results.resultDir, now, repeat.names(policies, seeds));
  }
}
