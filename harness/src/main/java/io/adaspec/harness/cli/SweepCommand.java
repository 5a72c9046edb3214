package io.adaspec.harness.cli;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.page.SweepPage;
import io.adaspec.harness.run.CodeDigest;
import io.adaspec.harness.run.ProjectVersion;
import io.adaspec.harness.run.WorkloadSource;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.TooLong;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.harness.sweep.Cell;
import io.adaspec.harness.sweep.Matrix;
import io.adaspec.harness.sweep.MatrixFiles;
import io.adaspec.harness.sweep.MatrixPlan;
import io.adaspec.harness.sweep.MaxGoodput;
import io.adaspec.harness.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adaspec sweep`.
@Command(
    header = "Simulate policies x loads x deployments x traces x seeds, in parallel.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEvery cell is a pure function of its specification. Finished cells stay below OUT/cells"
          + " and are not run again; OUT/summary.arrow has a row for each,"
          + " OUT/report.html plots them. Acceptance is"
          + " synthetic.%n",
      "With FILE, a YAML file such as results/matrix/matrix.yaml says what is compared, instead of"
          + " options; OUT/summary.csv and OUT/tables.md are written, too.%n"
    },
    customSynopsis = "adaspec sweep --output OUT [FILE] [OPTION]...",
    footer = {
      "%nExample",
      "  adaspec sweep --output out --deployment a100-llama2-7b --rate-scale 1,4 --seed 0,1"
          + " --policy autoregressive --policy fixed:3 --policy adaspec",
      "  adaspec sweep --output out results/matrix/matrix.yaml"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class SweepCommand implements Callable<Integer> {
  /// What a plan says itself.
  private static final List<String> GRID =
      List.of(
          "--policy",
          "--goodput",
          "--slo-class",
          "--deployment",
          "--trace",
          "--duration",
          "--rate-scale",
          "--seed",
          "--noise",
          "--too-long");

  private static final String PAGE = "report.html";
  private static final String ABOUT =
      "Simulated: durations by a cost model of the devices, acceptance synthetic.";

  private final Environment environment;

  @Spec CommandSpec command;

  @Mixin final CommonOptions common = new CommonOptions();
  @Mixin private final PolicyOption policy = new PolicyOption();
  @Mixin private final GoodputOption goodput = new GoodputOption();

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Plan of a comparison, in YAML.")
  Path plan;

  @Option(
      names = "--traces-from",
      paramLabel = "DIR",
      description =
          "Folder of the public traces that a plan names; it generates stand-ins for those that are"
              + " not there.")
  Path tracesFrom;

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
      names = "--max-goodput",
      description =
          "Search, from --rate-scale on, the highest speed-up at which nine of ten requests meet"
              + " their objectives, for every policy, deployment, trace and seed.")
  boolean maxGoodput;

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

  @Option(
      names = "--too-long",
      paramLabel = "ACTION",
      description =
          "Requests longer than a deployment's context: refuse to run, cut their prompts, or reject"
              + " them, as an engine does (default: ${DEFAULT-VALUE}).")
  String tooLong = TooLong.REFUSE.toString();

  @Option(names = "--jobs", paramLabel = "N", description = "Runs at once (default: all cores).")
  int jobs = Runtime.getRuntime().availableProcessors();

  SweepCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Numbers.atLeastOne("--jobs", jobs);
    if (maxGoodput) {
      return searchMaxGoodput();
    }
    Optional<Matrix> matrix = matrix();
    Sweep sweep = new Sweep(output, matrix.isPresent() ? matrix.get().cells() : cells());
    sweep.check();
    long start = environment.clock().nanos();
    boolean complete =
        sweep.run(
            jobs,
            (_, _) -> !environment.stop().isRequested(),
            (done, ran, all) -> progress(done, ran, all, start));
    List<Sweep.Row> rows = sweep.rows();
    Path summary = sweep.writeSummary(rows);
    if (matrix.isPresent()) {
      MatrixFiles.write(matrix.get(), rows, version(), output);
    }
    Files.writeString(output.resolve(PAGE), page(matrix, rows));
    environment.out().print(SweepText.of(rows));
    environment.say("Result in " + summary);
    environment.stop().check();
    return complete ? 0 : Errors.RUN_FAILED;
  }

  private int searchMaxGoodput() throws IOException, InterruptedException {
    if (plan != null) {
      throw new IllegalArgumentException("--max-goodput searches the loads that a plan says");
    }
    if (rateScales.size() != 1) {
      throw new IllegalArgumentException(
          "--max-goodput starts from one --rate-scale, not " + rateScales.size());
    }
    List<Cell> cells = cells();
    new Sweep(output, cells).check();
    Optional<List<MaxGoodput.Row>> rows =
        new MaxGoodput(output).search(cells, jobs, (_, _) -> !environment.stop().isRequested());
    if (rows.isPresent()) {
      Files.writeString(output.resolve(PAGE), page(rows.get()));
      environment.out().print(SweepText.ofMaxGoodput(rows.get()));
      environment.say("Result in " + output.resolve(PAGE));
    }
    environment.stop().check();
    return rows.isPresent() ? 0 : Errors.RUN_FAILED;
  }

  private String page(Optional<Matrix> matrix, List<Sweep.Row> rows) {
    Map<Cell, Matrix.Point> planned =
        matrix.map(Matrix::points).orElse(List.of()).stream()
            .collect(Collectors.toMap(Matrix.Point::cell, Function.identity()));
    List<SweepPage.Point> points = new ArrayList<>();
    for (Sweep.Row row : rows) {
      Cell cell = row.cell();
      Matrix.Point point = planned.get(cell);
      points.add(
          new SweepPage.Point(
              point == null ? SweepText.traceName(cell.trace()) : point.service(),
              cell.deployment(),
              point == null ? cell.rateScale() : point.load(),
              cell.policy(),
              row.values()));
    }
    return SweepPage.of(
        matrix.isPresent() ? "Comparison by " + plan.getFileName() : "Sweep",
        matrix.isPresent() ? "load, share of capacity" : "speed-up of the arrivals",
        ABOUT,
        points,
        version());
  }

  private static String page(List<MaxGoodput.Row> rows) {
    return SweepPage.ofHighest(
        "Max goodput",
        ABOUT,
        rows.stream()
            .map(
                row ->
                    new SweepPage.Highest(
                        SweepText.traceName(row.cell().trace()),
                        row.cell().deployment(),
                        row.cell().policy(),
                        row.mean(),
                        row.goodput()))
            .toList(),
        version());
  }

  /// What the plan says, if there is one.
  private Optional<Matrix> matrix() throws IOException {
    if (plan == null) {
      if (tracesFrom != null) {
        throw new IllegalArgumentException("--traces-from needs a plan to apply to");
      }
      return Optional.empty();
    }
    for (String option : GRID) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(option + " is said by the plan " + plan);
      }
    }
    if (tracesFrom != null && !Files.isDirectory(tracesFrom)) {
      throw new IllegalArgumentException("--traces-from is no folder: " + tracesFrom);
    }
    return Optional.of(
        Matrix.of(
            MatrixPlan.read(plan),
            Optional.ofNullable(tracesFrom),
            output,
            CodeDigest.ofThisProcess()));
  }

  private static String version() {
    return (ProjectVersion.version() + " " + ProjectVersion.commit()).strip();
  }

  /// The grid, policies innermost.
  private List<Cell> cells() throws IOException {
    Slo slo = goodput.slo();
    TooLong longer = TooLong.parse(tooLong);
    String code = CodeDigest.ofThisProcess();
    Set<String> leftOut = new LinkedHashSet<>();
    Map<String, List<PolicySpec>> served = new HashMap<>();
    for (String deployment : deployments) {
      SimulatedDevice device = Deployments.named(deployment);
      served.put(
          deployment,
          policy.parseForSimulation(each -> Simulation.refusal(each, device, true), leftOut::add));
    }
    leftOut.forEach(environment::say);
    List<Cell> cells = new ArrayList<>();
    for (String trace : traces) {
      String digest = digest(trace);
      for (String deployment : deployments) {
        List<PolicySpec> policies = served.get(deployment);
        for (double rateScale : rateScales) {
          for (long seed : seeds) {
            for (PolicySpec each : policies) {
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
                      longer,
                      code));
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
