package io.adaspec.harness.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Charts as SVG files, drawn by ECharts itself: its server-side renderer needs no browser, and
/// Rhino runs it.
final class SvgFiles {
  private SvgFiles() {}

  /// One file per chart; the directory is made where it is missing.
  ///
  /// @return the number of files
  static int write(Report report, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (ChartEngine engine = new ChartEngine(PageData.of(report))) {
      for (Chart chart : report.charts()) {
        Files.writeString(directory.resolve(chart.id() + ".svg"), engine.svg(chart.id()));
      }
    }
    return report.charts().size();
  }
}
