package io.adaspec.harness.cli;

import io.adaspec.harness.compare.Allowance;
import io.adaspec.harness.compare.Comparison;
import io.adaspec.harness.compare.ComparisonJson;
import io.adaspec.harness.compare.ComparisonMarkdown;
import io.adaspec.harness.compare.ComparisonText;
import io.adaspec.harness.compare.Gate;
import io.adaspec.harness.compare.Gates;
import io.adaspec.harness.compare.Options;
import io.adaspec.harness.compare.RunSet;
import io.adaspec.harness.compare.SetComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec compare`.
@Command(
    header = "Say what got better or worse between two sets of runs, and fail on a regression.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nRuns are paired by workload, policy and seed. Deterministic simulations are compared for"
          + " equality. Of real runs, times are compared as ratios to the reference policy of the"
          + " same set, with an interval for each change; a regression is a change that is at least"
          + " the threshold and that chance does not explain (5 %% for all measures together)."
          + " Repeat runs where you can: single ones cannot tell how much runs differ.",
      "%nExit code: 0 no regression, 1 regression, 2 cannot compare.%n"
    },
    customSynopsis = "adaspec compare [OPTION]... BASELINE CANDIDATE",
    footer = {
      "%nExamples",
      "  adaspec compare results/baseline results/20260203-040506",
      "  adaspec compare old new --fail-on 'tpot:p99>5%%' --fail-on 'attainment>2%%'",
      "  adaspec compare old new --markdown comment.md --json comparison.json"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class CompareCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      paramLabel = "BASELINE",
      description = "A result directory, or one that holds results at any depth.")
  private Path baseline;

  @Parameters(index = "1", paramLabel = "CANDIDATE", description = "Likewise.")
  private Path candidate;

  @Option(
      names = "--fail-on",
      paramLabel = "GATE",
      split = ",",
      description =
          "Fail on these alone, each metric[:stat]>x%%: a metric's key, mean or a percentile of a"
              + " latency, and by how much it may get worse (default: TTFT, TPOT, E2EL, attainment,"
              + " goodput, throughput and acceptance, 5 %% for means and 10 %% for tails; any"
              + " difference of deterministic runs).")
  private List<String> failOn = List.of();

  @Option(
      names = "--allow",
      paramLabel = "NAME",
      split = ",",
      description =
          "Compare in spite of another workload, slo, device or provenance, of invalid runs, or of"
              + " runs that are missing; comma-separated.")
  private List<String> allow = List.of();

  @Option(
      names = "--reference",
      paramLabel = "POLICY",
      description = "Policy that times of the same set are divided by (default: ${DEFAULT-VALUE}).")
  private String reference = "autoregressive";

  @Option(
      names = "--absolute",
      description = "Compare times as they are; both sides must have run on the same machine.")
  private boolean absolute;

  @Option(
      names = "--steady-state",
      description = "Leave out warm-up and cool-down, the same of all runs that are compared.")
  private boolean steadyState;

  @Option(
      names = "--run-deviation",
      paramLabel = "PERCENT",
      description =
          "Standard deviation of latencies between runs to assume where none are repeated"
              + " (default: ${DEFAULT-VALUE}).")
  private double runDeviation = 1;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      description = "Resamples of the bootstrap (default: ${DEFAULT-VALUE}).")
  private int resamples = 1000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the bootstrap (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the comparison as Markdown, for a comment on a change.")
  private Path markdown;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the comparison as JSON.")
  private Path json;

  CompareCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try {
      Options options =
          new Options(
              gates(),
              allowances(),
              reference,
              absolute,
              steadyState,
              resamples,
              seed,
              runDeviation / 100);
      Comparison comparison =
          SetComparison.of(RunSet.read(baseline), RunSet.read(candidate), options);
      environment.out().print(ComparisonText.of(comparison));
      write(markdown, ComparisonMarkdown.of(comparison));
      write(json, ComparisonJson.of(comparison));
      return comparison.outcome().exitCode();
    } catch (IOException | RuntimeException e) {
      // With the exit code of another exception it would look like a regression.
      throw new IllegalArgumentException(Errors.message(e), e);
    }
  }

  private Gates gates() {
    List<Gate> gates = new ArrayList<>();
    for (String text : failOn) {
      try {
        gates.add(Gate.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--fail-on '" + text + "': " + e.getMessage(), e);
      }
    }
    return new Gates(gates);
  }

  private Set<Allowance> allowances() {
    Set<Allowance> allowances = EnumSet.noneOf(Allowance.class);
    for (String key : allow) {
      try {
        allowances.add(Allowance.ofKey(key));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--allow: " + e.getMessage(), e);
      }
    }
    return allowances;
  }

  private static void write(Path file, String text) throws IOException {
    if (file != null) {
      TextFile.write(file, text);
    }
  }
}
