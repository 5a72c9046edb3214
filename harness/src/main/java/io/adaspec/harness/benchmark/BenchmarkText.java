package io.adaspec.harness.benchmark;

import io.adaspec.harness.compare.Comparison;
import io.adaspec.harness.compare.ComparisonMarkdown;
import io.adaspec.harness.compare.ComparisonText;
import io.adaspec.harness.compare.RunSet;
import io.adaspec.harness.report.ComparisonTable;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A benchmark in words: the end of a build log, and a comment on a change.
public final class BenchmarkText {
  private BenchmarkText() {}

  /// The runs of one step side by side.
  public static String table(RunSet step) throws IOException {
    List<RunReport> reports = new ArrayList<>();
    for (RunSet.Run run : step.runs()) {
      reports.add(RunReport.of(run.directory(), Validity.Limits.DEFAULT));
    }
    return ComparisonTable.of(reports);
  }

  /// What the comparisons say in full.
  public static String details(BenchmarkVerdict verdict) {
    StringBuilder text = new StringBuilder();
    verdict.real().ifPresent(real -> text.append(ComparisonText.of(real)).append('\n'));
    verdict.simulated().ifPresent(all -> text.append(ComparisonText.of(all)));
    return text.toString();
  }

  /// The same as Markdown.
  ///
  /// @param gate whether real runs count
  public static String markdown(BenchmarkVerdict verdict, boolean gate) {
    StringBuilder text = new StringBuilder();
    text.append("## ").append(outcome(verdict, gate)).append("\n\n");
    reasons(verdict).forEach(reason -> text.append("- ").append(reason).append('\n'));
    verdict
        .real()
        .ifPresent(real -> text.append("\n**Real runs**\n\n").append(ComparisonMarkdown.of(real)));
    verdict
        .simulated()
        .ifPresent(all -> text.append("\n**Simulations**\n\n").append(ComparisonMarkdown.of(all)));
    return text.toString();
  }

  /// The last lines.
  ///
  /// @param gate whether real runs count
  /// @param refresh the command that makes what was measured the baseline
  public static List<String> end(BenchmarkVerdict verdict, boolean gate, String refresh) {
    List<String> lines = new ArrayList<>();
    verdict.simulated().ifPresent(all -> lines.add("Simulations: " + simulations(all)));
    verdict.real().ifPresent(real -> lines.add("Real runs:   " + real.headline()));
    verdict.failures().forEach(reason -> lines.add("  FAILURE  " + reason));
    verdict.warnings().forEach(reason -> lines.add("  WARNING  " + reason));
    if (verdict.simulated().filter(BenchmarkText::changed).isPresent()) {
      lines.add("  If the simulations were meant to change: " + refresh);
    }
    if (!gate && !verdict.warnings().isEmpty()) {
      lines.add("  Warnings depend on the machine and do not fail the build; --gate lets them.");
    }
    lines.add(outcome(verdict, gate));
    return lines;
  }

  private static boolean changed(Comparison simulated) {
    return !simulated.refusals().isEmpty()
        || simulated.groups().stream().anyMatch(group -> group.differing() > 0);
  }

  private static String simulations(Comparison simulated) {
    long all = simulated.groups().size();
    long equal = simulated.groups().stream().filter(group -> group.differing() == 0).count();
    return equal + " of " + all + " have the records of the baseline, to the nanosecond";
  }

  private static List<String> reasons(BenchmarkVerdict verdict) {
    List<String> reasons = new ArrayList<>(verdict.failures());
    reasons.addAll(verdict.warnings());
    return reasons;
  }

  private static String outcome(BenchmarkVerdict verdict, boolean gate) {
    Optional<String> warned =
        verdict.warnings().isEmpty() ? Optional.empty() : Optional.of(", WITH WARNINGS");
    return "Benchmark result is: "
        + (verdict.passed(gate) ? "PASSED" + warned.orElse("") : "FAILED");
  }
}
