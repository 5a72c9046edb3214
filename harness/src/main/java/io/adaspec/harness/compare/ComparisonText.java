package io.adaspec.harness.compare;

import static java.util.Locale.ROOT;

import io.adaspec.harness.compare.Comparison.Group;
import io.adaspec.harness.compare.Comparison.Row;
import java.util.List;
import java.util.stream.Collectors;

/// A comparison for the terminal, at most 100 columns of table.
public final class ComparisonText {
  private final StringBuilder text = new StringBuilder();

  private ComparisonText() {}

  public static String of(Comparison comparison) {
    return new ComparisonText().print(comparison);
  }

  private String print(Comparison comparison) {
    line("Baseline   " + comparison.baseline());
    line("Candidate  " + comparison.candidate());
    comparison.groups().forEach(this::group);
    if (!comparison.notes().isEmpty()) {
      line("");
      line("Notes");
      comparison.notes().forEach(note -> line("  * " + note));
    }
    line("");
    if (comparison.refusals().size() > 1) {
      comparison.refusals().forEach(refusal -> line("  ! " + refusal));
    }
    line("Result is: " + comparison.headline());
    return text.toString();
  }

  private void group(Group group) {
    line("");
    line(group.title());
    line("  " + runs(group));
    if (!group.method().isEmpty()) {
      line("  " + group.method());
    }
    group.notes().forEach(note -> line("  " + note));
    List<Row> shown = shown(group);
    if (!shown.isEmpty()) {
      row("measure", "baseline", "candidate", "change", "95 % interval", "limit", "verdict");
      shown.stream().filter(row -> row.verdict().isPresent()).forEach(this::row);
      List<Row> others = shown.stream().filter(row -> row.verdict().isEmpty()).toList();
      if (!others.isEmpty()) {
        line("  for information");
        others.forEach(this::row);
      }
    }
    int hidden = group.rows().size() - shown.size();
    if (hidden > 0) {
      line("  " + hidden + " measures are equal");
    }
    String lacking =
        group.rows().stream()
            .filter(row -> row.is(Verdict.UNDECIDED))
            .map(row -> row.label() + ": " + Format.lack(row))
            .collect(Collectors.joining("\n             "));
    if (!lacking.isEmpty()) {
      line("  undecided: " + lacking);
    }
  }

  static String runs(Group group) {
    String counts =
        "%d %s against %d"
            .formatted(
                group.candidateRuns(),
                group.candidateRuns() == 1 ? "run" : "runs",
                group.baselineRuns());
    return group.deterministic()
        ? counts + ", deterministic: compared for equality"
        : counts
            + (group.reference().isEmpty()
                ? ""
                : "; ratios are to " + group.reference() + " in the same set");
  }

  /// Of deterministic runs, what differs.
  static List<Row> shown(Group group) {
    return group.rows().stream()
        .filter(row -> !group.deterministic() || !row.is(Verdict.SAME))
        .toList();
  }

  private void row(Row row) {
    boolean change = row.is(Verdict.BETTER) || row.is(Verdict.WORSE);
    String evidence = Format.pValue(row);
    row(
        row.label(),
        Format.value(row.baseline()),
        Format.value(row.candidate()),
        Format.change(row.change()),
        Format.interval(row),
        Format.threshold(row),
        Format.verdict(row) + (change && !evidence.isEmpty() ? ", " + evidence : ""));
  }

  private void row(String... cells) {
    line(String.format(ROOT, "  %-31s %8s %9s %8s %18s %6s  %s", (Object[]) cells).stripTrailing());
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
