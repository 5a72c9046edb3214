package io.adaspec.harness.cli;

import io.adaspec.harness.report.ComparisonTable;
import io.adaspec.harness.report.RepeatTable;
import io.adaspec.harness.report.RunReport;
import java.util.List;

/// What several runs come to.
final class SideBySide {
  private SideBySide() {}

  /// A table of the runs, of their means where they have several seeds.
  static String of(List<RunReport> reports) {
    return RepeatTable.fits(reports) ? RepeatTable.of(reports) : ComparisonTable.of(reports);
  }

  static boolean allValid(List<RunReport> reports) {
    return reports.stream().allMatch(report -> report.validity().valid());
  }
}
