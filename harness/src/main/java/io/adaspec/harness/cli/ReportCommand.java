package io.adaspec.harness.cli;

import io.adaspec.harness.page.ReportFiles;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.run.ProjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec report`.
@Command(
    header = "Write a page that shows one or several runs side by side.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nThe page is one HTML file that loads nothing: send it, print it, archive it. Runs of one"
          + " workload, seed and device get speedups; others stand side by side.%n"
    },
    customSynopsis = "adaspec report [OPTION]... DIR...",
    footer = {
      "%nExamples",
      "  adaspec report results/20260203-040506",
      "  adaspec report results/a results/b --output both.html --open",
      "  adaspec report results/a --svg figures --csv tables"
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ReportCommand implements Callable<Integer> {
  private static final String PAGE = "report.html";

  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "A result directory, or one that holds the results of several policies.")
  private List<Path> directories;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The page (default: report.html in the first DIR). Replaces an older one.")
  private Path output;

  @Option(names = "--open", description = "Show the page in the browser.")
  private boolean open;

  @Option(
      names = "--csv",
      paramLabel = "DIR",
      description = "Write the data of every chart, and all metrics, as CSV files.")
  private Path csv;

  @Option(
      names = "--svg",
      paramLabel = "DIR",
      description = "Write every chart as an SVG file for a paper. Needs no browser.")
  private Path svg;

  ReportCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path page = output != null ? output : directories.getFirst().resolve(PAGE);
    if (Files.isDirectory(page)) {
      throw new IllegalArgumentException("--output must be a file: " + page + " is a directory");
    }
    List<RunDirectory> runs = RunDirectories.find(directories);
    ReportFiles report = ReportFiles.of(runs);
    report.writePage(page, ProjectVersion.version());
    environment.say("Report of " + counted(runs.size(), "run") + " in " + page);
    if (csv != null) {
      environment.say(counted(report.writeCsv(csv), "table") + " in " + csv);
    }
    if (svg != null) {
      environment.say(counted(report.writeSvg(svg), "chart") + " in " + svg);
    }
    if (open) {
      Browser.show(page);
    }
    return 0;
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
