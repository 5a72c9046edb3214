package io.adaspec.harness.cli;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SequentialRunWriter;
import io.adaspec.harness.report.Objectives;
import io.adaspec.harness.report.ResultBlock;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.report.Summary;
import io.adaspec.harness.report.Validity;
import io.adaspec.harness.sim.Adaptation;
import io.adaspec.harness.sim.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Simulates policies one after the other and prints what came of each, and of all.
final class SimulationRuns {
  /// Describes a run that starts.
  interface Description {
    /// @param startedAt ISO-8601 instant
    RunInfo of(PolicySpec policy, String startedAt);
  }

  private record Both(RecordSink first, RecordSink second) implements RecordSink {
    @Override
    public void request(RequestRecord row) {
      first.request(row);
      second.request(row);
    }

    @Override
    public void step(StepRecord row) {
      first.step(row);
      second.step(row);
    }
  }

  private final Environment environment;
  private final Simulation simulation;
  private final Description description;
  private final ResultBlock.Options shown;
  private final List<RunReport> reports;

  /// @param reports of runs so far, to which this adds its own
  SimulationRuns(
      Environment environment,
      List<RunReport> reports,
      Simulation simulation,
      Description description,
      ResultBlock.Options shown) {
    this.environment = environment;
    this.reports = reports;
    this.simulation = simulation;
    this.description = description;
    this.shown = shown;
  }

  /// Runs one policy and prints its result, of an interrupted run too.
  void run(PolicySpec policy, Path path) throws IOException {
    RunDirectory directory = new RunDirectory(path);
    RunInfo info = description.of(policy, environment.time().instant().toString());
    long start = environment.clock().nanos();
    boolean complete;
    List<Adaptation.Change> changes = List.of();
    Summary.Collector totals = new Summary.Collector();
    try (SequentialRunWriter writer = SequentialRunWriter.open(directory, info)) {
      simulation.profile().write(directory.profile());
      RecordSink sink = new Both(totals, writer);
      if (simulation.spec().injections().isEmpty()) {
        complete = simulation.run(policy, sink, this::update);
      } else {
        Adaptation adaptation = new Adaptation(sink, Objectives::met);
        complete = simulation.run(policy, adaptation, this::update);
        changes = adaptation.changes(simulation.spec().injections());
      }
    }
    if (environment.errIsTerminal()) {
      environment.err().print("\r\033[K");
    }
    double seconds = (environment.clock().nanos() - start) / 1e9;
    RunInfo ended =
        complete
            ? info.ended(RunInfo.Status.COMPLETE, "", 0)
            : info.ended(RunInfo.Status.INTERRUPTED, "stopped by a signal", 0);
    RunReport report =
        RunReport.finish(directory, ended, totals.summary(), Validity.Limits.DEFAULT);
    reports.add(report);
    environment.out().println(ResultBlock.of(report, shown));
    if (!changes.isEmpty()) {
      environment.out().println(AdaptationTable.of(changes));
    }
    say(
        "%,.0f s simulated in %.2f s, %,.0f tokens/s",
        report.summary().value(Scalar.DURATION),
        seconds,
        report.summary().value(Scalar.OUTPUT_TOKENS) / seconds);
    say("Result in %s", directory.path());
    environment.stop().check();
  }

  private boolean update(long nanos, int ended) {
    if (environment.errIsTerminal()) {
      environment
          .err()
          .printf(
              Locale.ROOT,
              "\r\033[K%,.0f s simulated, %,d of %,d requests ended",
              nanos / 1e9,
              ended,
              simulation.spec().workload().requests().size());
      environment.err().flush();
    }
    return !environment.stop().isRequested();
  }

  private void say(String format, Object... arguments) {
    environment.say(String.format(Locale.ROOT, format, arguments));
  }
}
