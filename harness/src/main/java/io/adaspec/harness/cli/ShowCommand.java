package io.adaspec.harness.cli;

import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.ResultBlock;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adaspec show`.
@Command(
    header = "Print the result of a run from its files.",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nWorks for a run that was killed too: what its files hold is shown, and marked as"
          + " incomplete. Several results of one workload end in a table.%n"
    },
    customSynopsis = "adaspec show [OPTION]... DIR...",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ShowCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "A result directory, or one that holds the results of several policies.")
  private List<Path> directories;

  @Option(
      names = "--repair",
      description =
          "Complete the files of a killed run, so that any Arrow reader opens them. Not while the"
              + " run goes on.")
  private boolean repair;

  @ArgGroup(validate = false, heading = "%nResult block%n")
  private final ResultOptions.Block block = new ResultOptions.Block();

  ShowCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    ResultBlock.Options shown = block.options();
    List<RunReport> reports = new ArrayList<>();
    for (RunDirectory directory : RunDirectories.find(directories)) {
      RunReport report = block.part(read(directory), directory);
      if (report.info().status() != RunInfo.Status.COMPLETE) {
        environment.say(directory.path() + ": incomplete, " + reason(report.info()));
      }
      environment.out().println(ResultBlock.of(report, shown));
      reports.add(report);
    }
    if (reports.size() > 1) {
      environment.out().println();
      environment.out().println(SideBySide.of(reports));
    }
    return 0;
  }

  private RunReport read(RunDirectory directory) throws IOException {
    RunInfo info = directory.readInfo();
    if (repair && info.status() == RunInfo.Status.RUNNING) {
      directory.repair();
      environment.say(directory.path() + ": files completed");
      return RunReport.finish(
          directory,
          info.ended(RunInfo.Status.INTERRUPTED, "killed", info.stalls()),
          Validity.Limits.DEFAULT);
    }
    return RunReport.of(directory, Validity.Limits.DEFAULT);
  }

  private static String reason(RunInfo info) {
    return info.status() == RunInfo.Status.RUNNING
        ? "the run was killed or still goes on"
        : info.statusReason();
  }
}
