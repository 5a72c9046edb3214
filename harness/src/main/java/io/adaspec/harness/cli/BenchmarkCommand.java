package io.adaspec.harness.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.harness.benchmark.BaselineFiles;
import io.adaspec.harness.benchmark.BenchmarkPlan;
import io.adaspec.harness.benchmark.BenchmarkText;
import io.adaspec.harness.benchmark.BenchmarkVerdict;
import io.adaspec.harness.compare.Options;
import io.adaspec.harness.compare.RunSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `adaspec benchmark`.
@Command(
    header = "Run a benchmark, compare it with a baseline, and fail where it changed.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nA benchmark is a list of replays and simulations. Simulations must equal the baseline's in"
          + " every record. Real runs are compared by statistics, as ratios to the autoregressive"
          + " run beside them; what gets worse there is told, and fails with --gate only: other"
          + " work on the machine can be the cause.",
      "%nExit code: 0 passed, 1 failed, 2 bad input.%n"
    },
    customSynopsis = "adaspec benchmark [OPTION]...",
    footer = {
      "%nExamples",
      "  adaspec benchmark",
      "  adaspec benchmark --update-baseline",
      "      what is measured now becomes the baseline",
      "  adaspec benchmark --full --baseline results/before --gate"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class BenchmarkCommand implements Callable<Integer> {
  private static final Path RESULTS = Path.of("results");

  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @ArgGroup private PlanOptions plan = new PlanOptions();

  static final class PlanOptions {
    @Option(names = "--short", description = "Two minutes on two cores (default).")
    boolean shortPlan;

    @Option(names = "--full", description = "Half an hour: whole workloads, real ones three times.")
    private boolean fullPlan;

    @Option(
        names = "--plan",
        paramLabel = "FILE",
        description = "Lines of 'name: command argument...', replay or simulate.")
    private Path file;

    BenchmarkPlan read() throws IOException {
      return file != null
          ? BenchmarkPlan.read(file)
          : BenchmarkPlan.named(fullPlan ? "full" : "short");
    }

    /// Of the short plan, committed; of the others, on this machine.
    Path baseline() {
      return RESULTS.resolve(file == null && !fullPlan ? "baseline" : "baseline-local");
    }
  }

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these steps of the plan.")
  private List<String> only = List.of();

  @Option(
      names = "--baseline",
      paramLabel = "DIR",
      description =
          "What to compare with (default: results/baseline; with --full or --plan"
              + " results/baseline-local). Nothing is compared where it is not there.")
  private Path baseline;

  @Option(
      names = "--update-baseline",
      description = "Replace the baseline by what is measured, if it is valid.")
  private boolean update;

  @Option(
      names = "--gate",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOLEAN",
      description = "Whether real runs can fail the benchmark (default: ${DEFAULT-VALUE}).")
  private boolean gate = false;

  @Option(
      names = "--run-deviation",
      paramLabel = "PERCENT",
      description =
          "Standard deviation of a real run's latencies to assume where runs are not repeated"
              + " (default: ${DEFAULT-VALUE}).")
  private double runDeviation = 5;

  @Option(
      names = "--result-dir",
      paramLabel = "DIR",
      description =
          "Where a result directory named after the time is made (default: ${DEFAULT-VALUE}).")
  private Path resultDir = RESULTS;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the verdict as Markdown, for a comment on a change.")
  private Path markdown;

  BenchmarkCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    if (update && !only.isEmpty()) {
      throw new IllegalArgumentException(
          "--update-baseline replaces the whole baseline: not with --only");
    }
    BenchmarkPlan chosen = plan.read();
    List<BenchmarkPlan.Step> steps = steps(chosen);
    Options options = Options.DEFAULT.withRunDeviation(runDeviation / 100);
    Path before = baseline != null ? baseline : plan.baseline();
    Path results = ResultDirectories.timed(resultDir, environment.time().instant(), "benchmark");
    environment.say("Benchmark " + chosen.source() + ", results in " + results);
    for (BenchmarkPlan.Step step : steps) {
      int exitCode = run(step, results);
      if (exitCode != 0) {
        return exitCode;
      }
    }
    RunSet measured = RunSet.read(results);
    Optional<RunSet> compared = baseline(before, measured);
    BenchmarkVerdict verdict = BenchmarkVerdict.of(measured, compared, options);
    report(steps, results, verdict, before);
    if (update) {
      return updated(before, results, verdict);
    }
    return verdict.passed(gate) ? 0 : Errors.RUN_FAILED;
  }

  private List<BenchmarkPlan.Step> steps(BenchmarkPlan chosen) {
    for (String name : only) {
      if (chosen.steps().stream().noneMatch(step -> step.name().equals(name))) {
        throw new IllegalArgumentException(
            "--only %s: the plan has %s"
                .formatted(name, chosen.steps().stream().map(BenchmarkPlan.Step::name).toList()));
      }
    }
    return chosen.steps().stream()
        .filter(step -> only.isEmpty() || only.contains(step.name()))
        .toList();
  }

  /// Runs a step as a command of its own, its output kept in a file; shows it where it fails.
  private int run(BenchmarkPlan.Step step, Path results) throws IOException {
    environment.stop().check();
    Files.createDirectories(results);
    Path log = results.resolve(step.name() + ".log");
    List<String> arguments = new ArrayList<>(step.arguments());
    arguments.add("--output");
    arguments.add(results.resolve(step.name()).toString());
    long start = environment.clock().nanos();
    int exitCode;
    try (PrintStream out = new PrintStream(Files.newOutputStream(log), false, UTF_8)) {
      exitCode = Main.run(environment.writingTo(out), arguments.toArray(String[]::new));
    }
    if (exitCode != 0) {
      environment.err().print(Files.readString(log));
      environment.say(
          "Benchmark step %s failed: adaspec %s"
              .formatted(step.name(), String.join(" ", arguments)));
      return exitCode;
    }
    double seconds = (environment.clock().nanos() - start) / 1e9;
    environment.say(
        "  %s: %.1f s".formatted(step.name(), seconds) + (step.real() ? "" : ", simulated"));
    return 0;
  }

  /// Of a part of the plan, the same part of the baseline.
  private Optional<RunSet> baseline(Path before, RunSet measured) throws IOException {
    if (!Files.isDirectory(before)) {
      if (baseline != null && !update) {
        throw new IllegalArgumentException("--baseline " + before + " is no directory");
      }
      return Optional.empty();
    }
    RunSet all = RunSet.read(before);
    return Optional.of(
        only.isEmpty()
            ? all
            : all.where(
                info ->
                    measured.runs().stream()
                        .anyMatch(run -> run.info().target().equals(info.target()))));
  }

  private void report(
      List<BenchmarkPlan.Step> steps, Path results, BenchmarkVerdict verdict, Path before)
      throws IOException {
    PrintStream out = environment.out();
    for (BenchmarkPlan.Step step : steps) {
      out.println();
      out.println(step.name());
      out.println(BenchmarkText.table(RunSet.read(results.resolve(step.name()))));
    }
    if (verdict.real().isEmpty() && verdict.simulated().isEmpty()) {
      out.println("Nothing to compare with in " + before + ".");
    } else {
      Path details = results.resolve("comparison.txt");
      TextFile.write(details, BenchmarkText.details(verdict));
      out.println("Compared with " + before + ", in full in " + details);
    }
    BenchmarkText.end(verdict, gate, "adaspec benchmark --update-baseline").forEach(out::println);
    if (markdown != null) {
      TextFile.write(markdown, BenchmarkText.markdown(verdict, gate));
    }
  }

  private int updated(Path before, Path results, BenchmarkVerdict verdict) throws IOException {
    if (!verdict.invalid().isEmpty()) {
      environment.say("The baseline stays as it is: invalid runs make none.");
      return Errors.RUN_FAILED;
    }
    long bytes = BaselineFiles.replace(before, results);
    environment.say("%s replaced, %,d bytes".formatted(before, bytes));
    return 0;
  }
}
