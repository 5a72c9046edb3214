package io.adaspec.harness.cli;

import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.Objectives;
import io.adaspec.harness.report.ResultBlock;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import io.adaspec.harness.run.Replay;
import io.adaspec.harness.run.RunFailedException;
import java.io.IOException;
import java.util.List;

/// Runs policies one after the other and prints what came of each, and of all.
final class PolicyRuns {
  /// Describes a run that starts.
  interface Description {
    /// @param startedAt ISO-8601 instant
    RunInfo of(PolicySpec policy, String startedAt);
  }

  private final Environment environment;
  private final Replay replay;
  private final Description description;
  private final ResultOptions.Block block;
  private final boolean progressLines;
  private final List<RunReport> reports;

  /// @param reports of runs so far, to which this adds its own
  /// @param block what to show
  /// @param progressLines whether to tell the progress where nobody watches a terminal
  PolicyRuns(
      Environment environment,
      List<RunReport> reports,
      Replay replay,
      Description description,
      ResultOptions.Block block,
      boolean progressLines) {
    this.environment = environment;
    this.reports = reports;
    this.replay = replay;
    this.description = description;
    this.block = block;
    this.progressLines = progressLines;
  }

  /// Runs one policy and prints its result, of an interrupted run too.
  ///
  /// @throws RunFailedException where the engine failed; the result is printed before
  void run(PolicySpec policy, RunDirectory directory) throws IOException, InterruptedException {
    replay.warmUp(policy);
    environment.stop().check();
    RunInfo info = description.of(policy, environment.time().instant().toString());
    ProgressLine progress =
        new ProgressLine(
            environment.err(),
            environment.errIsTerminal(),
            progressLines,
            info.workload().requests());
    Replay.Ended ended = replay.run(policy, directory, info, Objectives::met, progress);
    progress.clear();
    RunReport report =
        block.part(RunReport.finish(directory, ended.info(), Validity.Limits.DEFAULT), directory);
    reports.add(report);
    environment.out().println(ResultBlock.of(report, block.options()));
    if (ended.info().status() != RunInfo.Status.COMPLETE) {
      environment.say("Incomplete: " + ended.info().statusReason());
    }
    environment.say("Result in " + directory.path());
    if (ended.failure() != null) {
      throw new RunFailedException("the run failed", ended.failure());
    }
    environment.stop().check();
  }
}
