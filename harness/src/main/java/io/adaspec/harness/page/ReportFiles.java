package io.adaspec.harness.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaspec.engine.exec.AtomicFile;
import io.adaspec.harness.record.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The report of one or several runs, to be written in its forms. What it writes replaces what an
/// earlier report left there.
public final class ReportFiles {
  private final Report report;

  private ReportFiles(Report report) {
    this.report = report;
  }

  /// Reads the runs, of killed ones what is there.
  ///
  /// @param runs at least one
  /// @throws IOException naming the file that cannot be read
  public static ReportFiles of(List<RunDirectory> runs) throws IOException {
    return new ReportFiles(Report.of(runs));
  }

  /// Writes one HTML file that loads nothing from elsewhere.
  ///
  /// @param version of this project, for the footer
  public void writePage(Path file, String version) throws IOException {
    byte[] page = HtmlPage.of(report, version).getBytes(UTF_8);
    AtomicFile.replace(file, temporary -> Files.write(temporary, page));
  }

  /// Writes a CSV file per chart and one of all metrics.
  ///
  /// @param directory made where it is missing
  /// @return the number of files
  public int writeCsv(Path directory) throws IOException {
    return CsvFiles.write(report, directory);
  }

  /// Writes an SVG file per chart.
  ///
  /// @param directory made where it is missing
  /// @return the number of files
  public int writeSvg(Path directory) throws IOException {
    return SvgFiles.write(report, directory);
  }
}
