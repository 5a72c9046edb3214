package io.adaspec.harness.benchmark;

import io.adaspec.harness.compare.Comparison;
import io.adaspec.harness.compare.Options;
import io.adaspec.harness.compare.RunSet;
import io.adaspec.harness.compare.SetComparison;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a benchmark means for a build.
///
/// *Simulations* are exact: one that differs from the baseline in any record fails, for better or
/// worse. *Real runs* depend on the machine and on what else it does: a regression, or a run that
/// was disturbed, is told, and fails only where that is asked for.
///
/// @param invalid runs that are INVALID, and why; also among the failures or the warnings
/// @param simulated empty without a baseline
/// @param real empty without a baseline
/// @param failures reasons to fail, whatever was asked for
/// @param warnings reasons to fail where real runs are gated
public record BenchmarkVerdict(
    List<String> invalid,
    Optional<Comparison> simulated,
    Optional<Comparison> real,
    List<String> failures,
    List<String> warnings) {
  public BenchmarkVerdict {
    invalid = List.copyOf(invalid);
    failures = List.copyOf(failures);
    warnings = List.copyOf(warnings);
  }

  /// @param baseline empty where there is none
  public static BenchmarkVerdict of(RunSet results, Optional<RunSet> baseline, Options options)
      throws IOException {
    List<String> failures = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (RunSet.Run run : results.runs()) {
      judge(run, failures, warnings);
    }
    List<String> invalid = Stream.concat(failures.stream(), warnings.stream()).toList();
    if (baseline.isEmpty()) {
      return new BenchmarkVerdict(invalid, Optional.empty(), Optional.empty(), failures, warnings);
    }
    Optional<Comparison> simulated = compared(baseline.get(), results, false, options);
    simulated.ifPresent(comparison -> failures.addAll(changes(comparison)));
    Optional<Comparison> real = compared(baseline.get(), results, true, options);
    real.filter(comparison -> comparison.outcome() != Comparison.Outcome.FINE)
        .ifPresent(comparison -> warnings.add("real runs: " + comparison.headline()));
    return new BenchmarkVerdict(invalid, simulated, real, failures, warnings);
  }

  /// A run that is invalid for what the machine did is none of the build's fault.
  private static void judge(RunSet.Run run, List<String> failures, List<String> warnings)
      throws IOException {
    Validity validity = RunReport.of(run.directory(), Validity.Limits.DEFAULT).validity();
    if (validity.valid()) {
      return;
    }
    String broken =
        validity.broken().stream()
            .map(check -> check.name() + ": " + check.detail())
            .collect(Collectors.joining("; "));
    boolean disturbed = isReal(run.info()) && validity.onlyDisturbed();
    (disturbed ? warnings : failures).add(run.directory().path() + " is INVALID (" + broken + ")");
  }

  private static boolean isReal(RunInfo info) {
    return info.acceptance() == RunInfo.Provenance.REAL;
  }

  /// Empty where neither side has such runs.
  private static Optional<Comparison> compared(
      RunSet baseline, RunSet results, boolean real, Options options) throws IOException {
    RunSet before = baseline.where(info -> isReal(info) == real);
    RunSet after = results.where(info -> isReal(info) == real);
    return before.runs().isEmpty() && after.runs().isEmpty()
        ? Optional.empty()
        : Optional.of(SetComparison.of(before, after, options));
  }

  private static List<String> changes(Comparison simulated) {
    List<String> changes = new ArrayList<>(simulated.refusals());
    simulated.groups().stream()
        .filter(group -> group.differing() > 0)
        .forEach(
            group ->
                changes.add(
                    "%s on %s: %s"
                        .formatted(
                            group.policy(), group.target(), String.join("; ", group.notes()))));
    return changes;
  }

  /// @param gate whether real runs count
  public boolean passed(boolean gate) {
    return failures.isEmpty() && !(gate && !warnings.isEmpty());
  }
}
