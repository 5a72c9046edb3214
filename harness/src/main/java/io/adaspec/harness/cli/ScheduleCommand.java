package io.adaspec.harness.cli;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.SimulatedProfiler;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.TooLong;
import io.adaspec.harness.sweep.LengthSchedule;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.trace.TraceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec schedule`.
@Command(
    header = "Find the chain length that serves most by batch size, in simulations.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nAt every batch size a closed loop of as many requests is simulated with every chain length"
          + " and several seeds; lengths of one seed meet the same requests and the same luck. Of"
          + " the lengths that the fastest one does not beat beyond chance (Student's t, 95 %%),"
          + " the shortest is chosen. The table is printed as a policy and as vLLM's"
          + " num_speculative_tokens_per_batch_size.%n"
    },
    customSynopsis = "adaspec schedule [OPTION]...",
    footer = {
      "%nExamples",
      "  adaspec schedule --deployment h100-llama3-8b --acceptance parameters.json",
      "  adaspec schedule --deployment profile.json --acceptance rollouts.arrow --max-length 5"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ScheduleCommand implements Callable<Integer> {
  /// Requests of a loop, per place in the batch and at least.
  private static final int ROUNDS = 8;

  private static final int FEWEST_REQUESTS = 64;
  private static final int LONGEST = 32;

  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @ArgGroup(validate = false, heading = "%nDeployment%n")
  private final DeploymentOption deployment = new DeploymentOption();

  @ArgGroup(validate = false, heading = "%nOutcomes%n")
  private final AcceptanceOptions acceptance = new AcceptanceOptions();

  @ArgGroup(validate = false, heading = "%nEngine limits%n")
  private final SimulatedEngineOptions engine = new SimulatedEngineOptions();

  @Option(
      names = "--max-length",
      paramLabel = "K",
      description = "Longest chain to try (default: ${DEFAULT-VALUE}).")
  private int longest = 8;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Trace whose lengths the requests have (default: the embedded one).")
  private Path trace;

  @Option(
      names = "--too-long",
      paramLabel = "ACTION",
      description =
          "Requests longer than the context: refuse to run, cut their prompts, or reject them, as"
              + " an engine does (default: ${DEFAULT-VALUE}).")
  private String tooLong = TooLong.REFUSE.toString();

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Seeds, from SEED on (default: ${DEFAULT-VALUE}).")
  private int repeat = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "First seed of texts and noise (default: ${DEFAULT-VALUE}).")
  private long seed = 0;

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      description =
          "Standard deviation of the logarithm of every duration (default: ${DEFAULT-VALUE}).")
  private double noise = 0.02;

  ScheduleCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    Numbers.atLeastOne("--repeat", repeat);
    if (longest < 1 || longest > LONGEST) {
      throw new IllegalArgumentException("--max-length must be in 1.." + LONGEST + ": " + longest);
    }
    TooLong longer = TooLong.parse(tooLong);
    engine.check();
    acceptance.check();
    // The trace's faults are told before a profile is measured.
    WorkloadSource.read(settings(1), seed);
    SimulatedDevice given = deployment.resolve(environment);
    Loops loops = new Loops(given.withLimits(engine.over(given.limits())), longer);
    LengthSchedule schedule =
        LengthSchedule.search(
            sizes(loops.device.limits().scheduler().maxBatch()),
            longest,
            LongStream.range(seed, seed + repeat).boxed().toList(),
            loops);
    print(loops.device, schedule);
    return 0;
  }

  /// Powers of two, and the largest.
  private static List<Integer> sizes(int largest) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size < largest; size *= 2) {
      sizes.add(size);
    }
    sizes.add(largest);
    return sizes;
  }

  private WorkloadSettings settings(int requests) {
    return new WorkloadSettings(
        Optional.ofNullable(trace),
        Optional.empty(),
        Optional.of(
            new WorkloadSettings.Arrivals(Double.POSITIVE_INFINITY, 1, Optional.of(requests))),
        TraceOptions.DEFAULTS,
        Optional.empty());
  }

  /// Simulates closed loops; what those of a seed have in common is made once.
  private final class Loops implements LengthSchedule.Trial {
    private record Seeded(AcceptanceSource acceptance, LatencyProfile profile) {}

    private final SimulatedDevice device;
    private final TooLong longer;
    private final Map<Long, Seeded> seeded = new HashMap<>();

    Loops(SimulatedDevice device, TooLong longer) {
      this.device = device;
      this.longer = longer;
    }

    @Override
    public double tokensPerSecond(int batch, int length, long seed) throws IOException {
      PolicySpec policy = Policies.parse(length == 0 ? "autoregressive" : "fixed:" + length);
      Seeded common = seeded(seed);
      WorkloadPlan requests =
          WorkloadSource.read(settings(Math.max(FEWEST_REQUESTS, ROUNDS * batch)), seed)
              .plan(common.acceptance().library().categories());
      Simulation loop =
          new Simulation(
              new Simulation.Spec(
                  device,
                  common.profile(),
                  common.acceptance(),
                  longer.apply(requests, device),
                  new GoodputOption().mix(),
                  seed,
                  OptionalInt.of(batch),
                  noise,
                  List.of()));
      loop.requireServes(policy);
      Summary.Collector totals = new Summary.Collector();
      loop.run(policy, totals, (_, _) -> !environment.stop().isRequested());
      environment.stop().check();
      return totals.summary().value(Scalar.OUTPUT_THROUGHPUT);
    }

    private Seeded seeded(long seed) throws IOException {
      Seeded known = seeded.get(seed);
      if (known == null) {
        AcceptanceSource source = acceptance.resolve(device, seed);
        known =
            new Seeded(
                source,
                SimulatedProfiler.measure(
                    device, noise, seed, source.library().acceptanceByRank()));
        seeded.put(seed, known);
      }
      return known;
    }
  }

  private void print(SimulatedDevice device, LengthSchedule schedule) {
    line("%5s %3s %9s  %-20s %s", "batch", "k", "tok/s", "x no speculation", "fastest k");
    for (LengthSchedule.Row row : schedule.rows()) {
      line(
          "%5d %3d %9.0f  %-20s %d",
          row.batch(),
          row.length(),
          row.tokensPerSecond(),
          repeat == 1
              ? String.format(Locale.ROOT, "%.2f", row.speedup().mean())
              : String.format(
                  Locale.ROOT,
                  "%.2f [%.2f, %.2f]",
                  row.speedup().mean(),
                  row.speedup().low(),
                  row.speedup().high()),
          row.fastest());
    }
    line("");
    line("--policy %s", schedule.policy());
    line("\"num_speculative_tokens_per_batch_size\": %s", schedule.json());
    environment.say("Simulated on " + device.name() + ": check it under a load of your own.");
  }

  private void line(String format, Object... arguments) {
    environment.out().println(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }
}
