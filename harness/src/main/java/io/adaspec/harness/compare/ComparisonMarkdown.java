package io.adaspec.harness.compare;

import io.adaspec.harness.compare.Comparison.Group;
import io.adaspec.harness.compare.Comparison.Row;
import java.util.List;

/// A comparison as a comment on a change: what matters first, the rest folded away.
public final class ComparisonMarkdown {
  private final StringBuilder text = new StringBuilder();

  private ComparisonMarkdown() {}

  public static String of(Comparison comparison) {
    return new ComparisonMarkdown().print(comparison);
  }

  private String print(Comparison comparison) {
    line("### Benchmark: " + escaped(comparison.headline()));
    line("");
    line("`%s` against `%s`".formatted(comparison.candidate(), comparison.baseline()));
    if (comparison.refusals().size() > 1) {
      line("");
      comparison.refusals().forEach(refusal -> line("- " + escaped(refusal)));
    }
    changes(comparison);
    comparison.groups().forEach(this::group);
    if (!comparison.notes().isEmpty()) {
      line("");
      line("<details><summary>Notes</summary>");
      line("");
      comparison.notes().forEach(note -> line("- " + escaped(note)));
      line("");
      line("</details>");
    }
    return text.toString();
  }

  /// Every gated change of every group in one table.
  private void changes(Comparison comparison) {
    if (comparison.count(Verdict.WORSE) + comparison.count(Verdict.BETTER) == 0) {
      return;
    }
    line("");
    header("policy and measure");
    for (Group group : comparison.groups()) {
      group.rows().stream()
          .filter(Row::gated)
          .filter(row -> row.is(Verdict.WORSE) || row.is(Verdict.BETTER))
          .forEach(row -> row(group.policy() + ": " + row.label(), row));
    }
  }

  private void group(Group group) {
    List<Row> shown = ComparisonText.shown(group);
    line("");
    line("<details><summary>" + html(group.title()) + "</summary>");
    line("");
    line(escaped(ComparisonText.runs(group)) + ". " + escaped(group.method()));
    group.notes().forEach(note -> line("- " + escaped(note)));
    line("");
    if (!shown.isEmpty()) {
      header("measure");
      shown.forEach(row -> row(row.label(), row));
      line("");
    }
    int hidden = group.rows().size() - shown.size();
    if (hidden > 0) {
      line(hidden + " measures are equal.");
      line("");
    }
    line("</details>");
  }

  private void header(String first) {
    line("| " + first + " | baseline | candidate | change | 95 % interval | limit | verdict |");
    line("|---|---:|---:|---:|---:|---:|---|");
  }

  private void row(String label, Row row) {
    String lack = Format.lack(row);
    String verdict = Format.verdict(row);
    line(
        "| %s | %s | %s | %s | %s | %s | %s |"
            .formatted(
                escaped(label),
                Format.value(row.baseline()),
                Format.value(row.candidate()),
                Format.change(row.change()),
                Format.interval(row),
                Format.threshold(row),
                (row.is(Verdict.WORSE) ? "**" + verdict + "**" : verdict)
                    + (lack.isEmpty() ? "" : " (" + escaped(lack) + ")")));
  }

  private static String escaped(String text) {
    return html(text).replace("|", "\\|").replace("*", "\\*");
  }

  private static String html(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
