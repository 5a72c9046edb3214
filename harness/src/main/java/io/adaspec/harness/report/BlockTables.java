package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The tables of a result block, line by line, as wide as the block.
final class BlockTables {
  /// Categories shown; the rest is summed up.
  private static final int CATEGORIES = 12;

  private BlockTables() {}

  static List<String> classes(Summary run) {
    List<String> lines = new ArrayList<>();
    lines.add(row("class", "requests", "SLO %", "good/s"));
    for (Breakdown.ByClass row : run.byClass()) {
      lines.add(
          row(
              row.name(),
              count(row.requests()),
              decimal(row.attainment()),
              decimal(row.goodput())));
    }
    return lines;
  }

  static List<String> ledger(Summary run) {
    List<String> lines = new ArrayList<>();
    lines.add(row("(times in s)", "tokens", "%", "draft", "verify"));
    for (Breakdown.ByFate row : run.byFate()) {
      lines.add(
          row(
              row.fate().label(),
              count(row.tokens()),
              decimal(row.share()),
              decimal(row.draftSeconds()),
              decimal(row.verifySeconds())));
    }
    WasteLedger.Entry again = run.ledger().recomputed();
    lines.add(
        row("Recomputed", count(again.tokens), "-", "-", decimal(Charge.VERIFYING.of(again))));
    return lines;
  }

  static List<String> depths(Summary run) {
    List<String> lines = new ArrayList<>();
    lines.add(row("position", "judged", "accepted", "%"));
    for (Breakdown.ByDepth row : run.byDepth()) {
      lines.add(
          row(
              String.valueOf(row.depth()),
              count(row.judged()),
              count(row.accepted()),
              decimal(row.acceptance())));
    }
    return lines;
  }

  /// The commonest categories first.
  static List<String> categories(Summary run) {
    List<Breakdown.ByCategory> rows =
        run.byCategory().stream()
            .sorted(Comparator.comparingLong(Breakdown.ByCategory::requests).reversed())
            .toList();
    List<String> lines = new ArrayList<>();
    lines.add(row("category", "requests", "accept %", "length"));
    for (Breakdown.ByCategory row : rows.subList(0, Math.min(CATEGORIES, rows.size()))) {
      lines.add(
          row(
              row.name(),
              count(row.requests()),
              decimal(row.acceptance()),
              decimal(row.acceptanceLength())));
    }
    if (rows.size() > CATEGORIES) {
      lines.add("and " + (rows.size() - CATEGORIES) + " more");
    }
    return lines;
  }

  /// Leaves out empty bins.
  static List<String> reliability(Summary run) {
    List<String> lines = new ArrayList<>();
    lines.add(row("confidence", "judged", "mean %", "accept %"));
    for (Breakdown.ByConfidence row : run.byConfidence()) {
      if (row.judged() > 0) {
        lines.add(
            row(
                String.format(ROOT, "%.1f to %.1f", row.from(), row.to()),
                count(row.judged()),
                decimal(100 * row.meanConfidence()),
                decimal(row.acceptance())));
      }
    }
    return lines;
  }

  /// A label and up to four cells to the right of it.
  private static String row(String label, String... cells) {
    int cellWidth = cells.length > 3 ? 8 : 10;
    int labelWidth = ResultBlock.WIDTH - cells.length * cellWidth;
    String shown = label.length() < labelWidth ? label : label.substring(0, labelWidth - 2) + "~";
    StringBuilder line = new StringBuilder(String.format(ROOT, "%-" + labelWidth + "s", shown));
    for (String cell : cells) {
      line.append(String.format(ROOT, "%" + cellWidth + "s", cell));
    }
    return line.toString();
  }

  private static String count(long value) {
    return String.valueOf(value);
  }

  private static String decimal(double value) {
    return Double.isNaN(value) ? "-" : String.format(ROOT, "%.2f", value);
  }
}
