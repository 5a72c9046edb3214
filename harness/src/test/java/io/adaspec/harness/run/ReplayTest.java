package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Clock;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Validity;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.ToyDeployment;
import io.adaspec.workload.Workload;
import io.adaspec.workload.trace.TraceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplayTest {
  private static final PolicySpec POLICY = Policies.parse("fixed:3");
  private static final int REQUESTS = 20;

  @TempDir private Path directory;
  private final StopSignal stop = new StopSignal();
  private final AtomicInteger dispatchedAtLeast = new AtomicInteger();

  @Test
  void aWholeRun_recordsEveryRequestAndIsComplete() throws Exception {
    Replay.Ended ended = replay(OptionalInt.empty(), 60, () -> {});
    assertThat(ended.failure()).isNull();
    assertThat(ended.info().status()).isEqualTo(RunInfo.Status.COMPLETE);
    List<RequestRecord> records = requests();
    assertThat(records).hasSize(REQUESTS);
    assertThat(records).extracting(RequestRecord::outcome).containsOnly(Outcome.LENGTH);
    assertThat(records)
        .allSatisfy(
            record -> {
              assertThat(record.outputTokens()).isEqualTo(record.requestedOutputTokens());
              assertThat(record.dispatchedNanos()).isGreaterThanOrEqualTo(record.scheduledNanos());
              assertThat(record.firstTokenNanos()).isGreaterThan(record.dispatchedNanos());
            });
    RunReport report =
        RunReport.finish(run(), ended.info(), new Validity.Limits(1_000_000_000_000L, 0.01));
    assertThat(report.validity().checks())
        .filteredOn(check -> !check.name().equals("gaps as asked")) // of a millisecond: by chance
        .allMatch(check -> check.passed() || !check.required());
    List<StepRecord> steps = new ArrayList<>();
    assertThat(ArrowRunReader.steps(run(), steps::add)).as("closed properly").isTrue();
    assertThat(steps.stream().mapToInt(StepRecord::emitted).sum())
        .isEqualTo(records.stream().mapToInt(RequestRecord::outputTokens).sum());
    assertThat(LatencyProfile.read(run().profile())).isEqualTo(FlatCost.MILLISECOND.profile());
  }

  @Test
  void aLimitOnConcurrency_isKeptAndLatenessCountsFromTheSchedule() throws Exception {
    replay(OptionalInt.of(1), 60, () -> {});
    List<RequestRecord> records = requests();
    assertThat(records).hasSize(REQUESTS);
    for (int i = 1; i < records.size(); i++) {
      assertThat(records.get(i).dispatchedNanos())
          .as("dispatch after the predecessor's end")
          .isGreaterThanOrEqualTo(records.get(i - 1).lastTokenNanos());
    }
    assertThat(records).anyMatch(record -> record.dispatchedNanos() > record.scheduledNanos());
  }

  @Test
  void aStop_closesTheFilesAndRecordsWhatIsUnfinished() throws Exception {
    Replay.Ended ended = replay(OptionalInt.empty(), 60, this::stopLater);
    assertThat(ended.info().status()).isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(ended.info().statusReason()).isEqualTo("stopped by a signal");
    List<RequestRecord> records = new ArrayList<>();
    assertThat(ArrowRunReader.requests(run(), records::add)).as("closed properly").isTrue();
    assertThat(records).hasSize(REQUESTS);
    assertThat(records).extracting(RequestRecord::outcome).contains(Outcome.UNFINISHED);
  }

  @Test
  void aDrainTimeout_givesUpWhatIsUnfinished() throws Exception {
    Replay.Ended ended = replay(OptionalInt.empty(), 0, ReplayTest::takeTime);
    assertThat(ended.info().status()).isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(ended.info().statusReason()).contains("drain timeout of 0 s");
    assertThat(requests()).extracting(RequestRecord::outcome).contains(Outcome.UNFINISHED);
  }

  @Test
  void aBrokenEngine_endsTheRunWithTheCause() throws Exception {
    AtomicInteger forwards = new AtomicInteger();
    Replay.Ended ended =
        replay(
            OptionalInt.empty(),
            60,
            () -> {
              if (forwards.incrementAndGet() == 30) {
                throw new IllegalStateException("out of paper");
              }
            });
    assertThat(ended.failure()).hasMessage("out of paper");
    assertThat(ended.info().status()).isEqualTo(RunInfo.Status.INTERRUPTED);
    assertThat(ended.info().statusReason()).contains("out of paper");
    assertThat(requests()).extracting(RequestRecord::outcome).contains(Outcome.UNFINISHED);
  }

  @Test
  void aBrokenWarmUp_saysSo() throws Exception {
    Replay replay =
        replay(
            deployment(
                () -> {
                  throw new IllegalStateException("cold");
                }),
            OptionalInt.empty(),
            60);
    assertThatThrownBy(() -> replay.warmUp(POLICY))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("the warm-up failed")
        .hasMessageContaining("cold");
  }

  @Test
  void aWarmUp_leavesNothingBehind() throws Exception {
    Replay replay = replay(deployment(() -> {}), OptionalInt.empty(), 60);
    replay.warmUp(POLICY);
    assertThat(directory).isEmptyDirectory();
  }

  private void stopLater() {
    takeTime();
    if (dispatchedAtLeast.incrementAndGet() == 20) {
      stop.request();
    }
  }

  /// Long enough that the workload cannot be served in time.
  private static void takeTime() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Replay.Ended replay(OptionalInt maxConcurrency, long drainSeconds, Runnable beforeForward)
      throws IOException, InterruptedException {
    Deployment deployment = deployment(beforeForward);
    Replay replay = replay(deployment, maxConcurrency, drainSeconds);
    RunInfo info =
        RunDescription.of(
            "2026-01-01T00:00:00Z",
            POLICY,
            deployment,
            config(deployment, maxConcurrency, drainSeconds),
            settings(),
            workload(deployment),
            Optional.of(Path.of("profile.json")));
    return replay.run(POLICY, run(), info, record -> true, (elapsed, dispatched, live) -> {});
  }

  private Replay replay(Deployment deployment, OptionalInt maxConcurrency, long drainSeconds)
      throws IOException {
    return new Replay(
        deployment,
        Optional.of(FlatCost.MILLISECOND.profile()),
        config(deployment, maxConcurrency, drainSeconds),
        workload(deployment),
        Clock.system(),
        stop);
  }

  private static RunConfig config(
      Deployment deployment, OptionalInt maxConcurrency, long drainSeconds) {
    return new RunConfig(
        deployment.limits(),
        new RunConfig.Generation(0, 0, 1, DraftSampling.DETERMINISTIC, true),
        new RunConfig.Load(maxConcurrency, Duration.ofSeconds(drainSeconds), 4),
        SloMix.of(Slo.UNCONSTRAINED),
        1,
        Map.of("note", "a test"));
  }

  private static WorkloadSettings settings() {
    return new WorkloadSettings(
        Optional.empty(),
        Optional.empty(),
        Optional.of(new WorkloadSettings.Arrivals(1_000, 1, Optional.of(REQUESTS))),
        TraceOptions.DEFAULTS,
        Optional.empty());
  }

  private static Workload workload(Deployment deployment) throws IOException {
    return WorkloadSource.read(settings(), 1).build(deployment.codec());
  }

  private static Deployment deployment(Runnable beforeForward) {
    return ToyDeployment.load(
        new DeploymentLoader.Spec(
            Path.of("target"),
            Optional.of(new DraftModel.Separate(Path.of("draft"))),
            "cpu",
            "f32",
            1,
            DraftSampling.DETERMINISTIC,
            new DeploymentLoader.Limits(8, 128, OptionalInt.empty(), OptionalInt.empty(), 16)),
        beforeForward);
  }

  private RunDirectory run() {
    return new RunDirectory(directory.resolve("run"));
  }

  private List<RequestRecord> requests() throws IOException {
    List<RequestRecord> records = new ArrayList<>();
    ArrowRunReader.requests(run(), records::add);
    return records.stream().sorted((a, b) -> Long.compare(a.id(), b.id())).toList();
  }
}
