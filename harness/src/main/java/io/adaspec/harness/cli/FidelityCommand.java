package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.Objectives;
import io.adaspec.harness.run.Fidelity;
import io.adaspec.harness.run.Replay;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.run.RunDescription;
import io.adaspec.harness.run.RunFailedException;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.EmbeddedRollouts;
import io.adaspec.harness.sim.RolloutLibrary;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec fidelity`.
@Command(
    header = "Replay the embedded models for real, simulate the same, and compare.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nFor every load and policy: mean E2EL, TPOT and goodput of the replay, of the simulation by"
          + " the latency profile, and of one at the speed that the machine had during the replay;"
          + " and the share of decisions that agree. Use a quiet machine.%n"
    },
    customSynopsis = "adaspec fidelity [OPTION]...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class FidelityCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Policies to compare (default: ${DEFAULT-VALUE}).")
  private List<String> names = List.of("autoregressive", "fixed:3", "adaspec");

  @Option(
      names = "--loads",
      paramLabel = "X",
      split = ",",
      description = "Loads, as speed-ups of the trace (default: ${DEFAULT-VALUE}).")
  private List<Double> loads = List.of(0.5, 1.0, 2.0);

  @ArgGroup(validate = false, heading = "%nWorkload%n")
  private final WorkloadOptions workload = new WorkloadOptions();

  @ArgGroup(validate = false, heading = "%nObjectives%n")
  private final GoodputOption goodput = new GoodputOption();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of prompts and texts (default: ${DEFAULT-VALUE}).")
  private long seed = 0;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "Latency profile (default: measured on first use and kept).")
  private Path profile;

  @Option(
      names = "--result-dir",
      paramLabel = "DIR",
      description = "Where the replays' results go (default: ${DEFAULT-VALUE}).")
  private Path resultDir = Path.of("results");

  FidelityCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<PolicySpec> policies = names.stream().map(PolicyOption::real).toList();
    for (double load : loads) {
      if (!(load > 0) || Double.isInfinite(load)) {
        throw new IllegalArgumentException("--loads must be > 0: " + load);
      }
    }
    ModelOptions models = new ModelOptions();
    SloMix objectives = goodput.mix();
    workload.settings();
    AcceptanceSource.Recorded rollouts =
        new AcceptanceSource.Recorded("embedded", RolloutLibrary.of(EmbeddedRollouts.load()));
    environment.say("Loading models ...");
    try (Deployment deployment =
        environment
            .loader()
            .load(models.spec(policies, new EngineOptions().limits(models.device)))) {
      LatencyProfile measured = new Profiles(environment).obtain(profile, deployment);
      head();
      double scale = workload.rateScale;
      for (double load : loads) {
        workload.rateScale = scale * load;
        WorkloadSettings settings = workload.settings();
        WorkloadSource source = WorkloadSource.read(settings, seed);
        Cell cell = new Cell(deployment, measured, objectives, settings, source);
        for (PolicySpec policy : policies) {
          row(load, policy, cell.compare(policy, rollouts));
        }
      }
    }
    environment
        .out()
        .println(
            "E2EL and TPOT are means; sim: by the profile; sim*: at the replay's speed, which is"
                + " 'speed'\n"
                + "(target/draft) times the profile's; out: time of a step outside forwards and"
                + " policy, profile -> replay");
    return 0;
  }

  /// One load.
  private final class Cell {
    private final Deployment deployment;
    private final LatencyProfile measured;
    private final RunConfig config;
    private final WorkloadSettings settings;
    private final WorkloadSource source;

    Cell(
        Deployment deployment,
        LatencyProfile measured,
        SloMix objectives,
        WorkloadSettings settings,
        WorkloadSource source) {
      this.deployment = deployment;
      this.measured = measured;
      this.settings = settings;
      this.source = source;
      this.config =
          new RunConfig(
              deployment.limits().recordingDecisions(true),
              new SamplingOptions().generation(new ModelOptions().drafts(), true),
              new RunConfig.Load(OptionalInt.empty(), Duration.ofMinutes(10), 16),
              objectives,
              seed,
              Map.of());
    }

    Fidelity compare(PolicySpec policy, AcceptanceSource rollouts)
        throws IOException, InterruptedException {
      var requests = source.build(deployment.codec());
      Replay replay =
          new Replay(
              deployment,
              Optional.of(measured),
              config,
              requests,
              environment.clock(),
              environment.stop());
      replay.warmUp(policy);
      environment.stop().check();
      var now = environment.time().instant();
      RunDirectory directory =
          new RunDirectory(
              ResultDirectories.plan(null, resultDir, now, List.of("fidelity-" + policy.name()))
                  .getFirst());
      RunInfo info =
          RunDescription.of(
              now.toString(),
              policy,
              deployment,
              config,
              settings,
              requests,
              Optional.of(directory.profile()));
      Replay.Ended ended =
          replay.run(policy, directory, info, Objectives::met, (elapsed, sent, live) -> {});
      directory.writeInfo(ended.info());
      if (ended.failure() != null) {
        throw new RunFailedException("the run failed", ended.failure());
      }
      environment.stop().check();
      return Fidelity.of(
          directory,
          policy,
          measured,
          config,
          rollouts,
          source.plan(rollouts.library().categories()));
    }
  }

  private void head() {
    line(
        "%-5s %-15s | %8s %7s %7s | %6s %6s %7s | %6s %6s %7s | %9s %13s | %5s",
        "load", "policy", "E2EL ms", "sim", "sim*", "TPOT", "sim", "sim*", "good/s", "sim", "sim*",
        "speed", "out us", "equal");
  }

  private void row(double load, PolicySpec policy, Fidelity fidelity) {
    Fidelity.Values real = fidelity.real();
    Fidelity.Values sim = fidelity.profiled();
    Fidelity.Values corrected = fidelity.corrected();
    line(
        "%-5s %-15s | %8.1f %7s %7s | %6.2f %6s %7s | %6.2f %6s %7s | %4.2f/%4.2f %5.0f -> %4.0f |"
            + " %4.0f%%",
        load,
        policy.name(),
        real.e2eMillis(),
        error(sim.e2eMillis(), real.e2eMillis()),
        error(corrected.e2eMillis(), real.e2eMillis()),
        real.tpotMillis(),
        error(sim.tpotMillis(), real.tpotMillis()),
        error(corrected.tpotMillis(), real.tpotMillis()),
        real.goodput(),
        error(sim.goodput(), real.goodput()),
        error(corrected.goodput(), real.goodput()),
        fidelity.targetSpeed(),
        fidelity.draftSpeed(),
        fidelity.profiledOutsideNanos() / 1e3,
        fidelity.outsideNanos() / 1e3,
        100 * fidelity.equalDecisions());
  }

  private static String error(double simulated, double real) {
    return String.format(Locale.ROOT, "%+.1f%%", 100 * (simulated / real - 1));
  }

  private void line(String format, Object... arguments) {
    environment.out().println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    environment.out().flush();
  }
}
