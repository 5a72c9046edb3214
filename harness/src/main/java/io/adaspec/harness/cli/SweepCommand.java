package io.adaspec.harness.cli;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.run.ProjectVersion;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sweep.Cell;
import io.adaspec.harness.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec sweep`.
@Command(
    header = "Simulate policies x loads x deployments x traces x seeds, in parallel.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEvery cell is a pure function of its specification. Finished cells stay below OUT/cells"
          + " and are not run again; OUT/summary.arrow has a row for each. Acceptance is synthetic;"
          + " requests longer than a deployment's context are cut to it.%n"
    },
    customSynopsis = "adaspec sweep --output OUT [OPTION]...",
    footer = {
      "%nExample",
      "  adaspec sweep --output out --deployment a100-llama2-7b --rate-scale 1,4 --seed 0,1"
          + " --policy autoregressive --policy fixed:3 --policy adaspec"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SweepCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();
  @Mixin private final PolicyOption policy = new PolicyOption();
  @Mixin private final GoodputOption goodput = new GoodputOption();

  @Option(names = "--output", required = true, paramLabel = "OUT", description = "Result folder.")
  Path output;

  @Option(
      names = "--deployment",
      split = ",",
      paramLabel = "NAME",
      description = "GPU deployments, see 'adaspec deployments' (default: ${DEFAULT-VALUE}).")
  List<String> deployments = List.of("a100-llama2-7b");

  @Option(
      names = "--trace",
      split = ",",
      paramLabel = "FILE",
      description = "Traces (default: the embedded one).")
  List<String> traces = List.of("");

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "Only S seconds of each trace, in its own time (default: all of it).")
  double duration;

  @Option(
      names = "--rate-scale",
      split = ",",
      paramLabel = "X",
      description = "Speed-ups of the arrivals (default: ${DEFAULT-VALUE}).")
  List<Double> rateScales = List.of(1.0);

  @Option(
      names = "--seed",
      split = ",",
      paramLabel = "N",
      description = "Seeds of everything random (default: ${DEFAULT-VALUE}).")
  List<Long> seeds = List.of(0L);

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      description =
          "Standard deviation of the logarithm of every duration (default: ${DEFAULT-VALUE}).")
  double noise = 0.02;

  @Option(names = "--jobs", paramLabel = "N", description = "Runs at once (default: all cores).")
  int jobs = Runtime.getRuntime().availableProcessors();

  SweepCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (jobs < 1) {
      throw new IllegalArgumentException("--jobs must be >= 1: " + jobs);
    }
    Sweep sweep = new Sweep(output, cells());
    sweep.check();
    long start = environment.clock().nanos();
    boolean complete =
        sweep.run(
            jobs,
            (_, _) -> !environment.stop().isRequested(),
            (done, ran, all) -> progress(done, ran, all, start));
    List<Sweep.Row> rows = sweep.rows();
    Path summary = sweep.writeSummary(rows);
    environment.out().print(SweepText.of(rows));
    environment.say("Result in " + summary);
    environment.stop().check();
    return complete ? 0 : Errors.RUN_FAILED;
  }

  /// The grid, policies innermost.
  private List<Cell> cells() throws IOException {
    Slo slo = goodput.slo();
    String version = (ProjectVersion.version() + " " + ProjectVersion.commit()).strip();
    List<Cell> cells = new ArrayList<>();
    for (String trace : traces) {
      String digest = digest(trace);
      for (String deployment : deployments) {
        for (double rateScale : rateScales) {
          for (long seed : seeds) {
            for (PolicySpec each : policy.parse()) {
              cells.add(
                  new Cell(
                      deployment,
                      trace,
                      digest,
                      rateScale,
                      duration,
                      each.name(),
                      seed,
                      slo,
                      noise,
                      version));
            }
          }
        }
      }
    }
    return cells.stream().distinct().toList();
  }

  private static String digest(String trace) throws IOException {
    WorkloadOptions options = new WorkloadOptions();
    options.trace = trace.isEmpty() ? null : Path.of(trace);
    return WorkloadSource.read(options.settings(), 0).trace().sha256();
  }

  private void progress(int done, int ran, int all, long start) {
    double left = (environment.clock().nanos() - start) / 1e9 / ran * (all - done);
    environment.say(String.format(Locale.ROOT, "%d of %d cells, %.0f s left", done, all, left));
  }
}
