package io.adaspec.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Decision;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.exec.FlatCost;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SequentialRunWriter;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.DeploymentLoader;
import io.adaspec.harness.target.ToyDeployment;
import io.adaspec.workload.Workload;
import io.adaspec.workload.trace.TraceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs of the real engine in real time on toy models, asked again.
@Timeout(120)
class DecisionReplayTest {
  private static final int REQUESTS = 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoregressive",
        "fixed:3",
        "static-tree:2,1",
        "threshold:0.4",
        "smartspec",
        "bandit",
        "adaspec",
        "adaspec-plus"
      })
  void aRecordedRun_isReproduced(String policy) throws Exception {
    RunDirectory run = record(policy, true);
    DecisionReplay.Result result = DecisionReplay.of(run, Policies.parse(policy));
    assertThat(result.difference()).isEmpty();
    assertThat(result.end()).isEmpty();
    List<StepRecord> steps = steps(run);
    assertThat(result.steps()).isEqualTo(steps.size());
    assertThat(result.decisions())
        .isEqualTo(steps.stream().mapToInt(StepRecord::batch).sum())
        .isGreaterThan(REQUESTS);
    assertThat(result.drafted()).isEqualTo(steps.stream().mapToInt(StepRecord::drafted).sum());
    if (!policy.equals("autoregressive")) {
      assertThat(result.drafted()).isPositive();
    }
  }

  @Test
  void aTokenThatThePolicyDidNotDrop_isFoundInItsStep() throws Exception {
    RunDirectory run = record("fixed:3", true);
    long tampered = firstSpeculating(run);
    RunDirectory other =
        rewrite(run, row -> row.step() == tampered ? withDecision(row, dropLast(row)) : row);
    DecisionReplay.Result result = DecisionReplay.of(other, Policies.parse("fixed:3"));
    assertThat(result.reproduced()).isFalse();
    assertThat(result.difference())
        .startsWith("step " + tampered + ", request ")
        .contains("node 3 is recorded as dropped, the policy keeps it");
    assertThat(result.steps())
        .isEqualTo(steps(run).stream().filter(row -> row.step() < tampered).count());
  }

  @Test
  void aDraftTokenThatIsMissing_isFound() throws Exception {
    RunDirectory run = record("fixed:3", true);
    long tampered = firstSpeculating(run);
    RunDirectory other =
        rewrite(run, row -> row.step() == tampered ? withDecision(row, removeLast(row)) : row);
    assertThat(DecisionReplay.of(other, Policies.parse("fixed:3")).difference())
        .startsWith("step " + tampered + ", request ")
        .contains("draft forward 3 adds 1 children to node 2, 0 are recorded");
  }

  @Test
  void aConfidenceThatWasChanged_isFound() throws Exception {
    RunDirectory run = record("threshold:0.01", true);
    long tampered = firstSpeculating(run);
    RunDirectory other =
        rewrite(run, row -> row.step() == tampered ? withDecision(row, unsure(row)) : row);
    assertThat(DecisionReplay.of(other, Policies.parse("threshold:0.01")).difference())
        .startsWith("step " + tampered + ",");
  }

  @Test
  void aMeasuredTimeThatWasChanged_isFoundInTheNextPrediction() throws Exception {
    RunDirectory run = record("adaspec", true);
    List<StepRecord> steps = steps(run);
    long tampered = steps.get(3).step();
    RunDirectory other =
        rewrite(
            run,
            row ->
                row.step() == tampered
                    ? withVerifyNanos(
                        row, row.verifyNanos() > row.predictedVerifyNanos() ? 1 : 100_000_000)
                    : row);
    DecisionReplay.Result result = DecisionReplay.of(other, Policies.parse("adaspec"));
    assertThat(result.difference()).startsWith("step " + steps.get(4).step());
    assertThat(result.steps()).isEqualTo(4);
  }

  @Test
  void anotherPolicy_partsFromTheRecording() throws Exception {
    RunDirectory run = record("fixed:3", true);
    assertThat(DecisionReplay.of(run, Policies.parse("fixed:2")).difference())
        .contains("3 draft tokens are recorded, the policy asks for 2");
  }

  @Test
  void aRunWithoutDecisions_isRefused() throws Exception {
    RunDirectory run = record("fixed:3", false);
    assertThatThrownBy(() -> DecisionReplay.of(run, Policies.parse("fixed:3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(run.steps().toString())
        .hasMessageContaining("--decisions");
  }

  @Test
  void aPolicyThatReadsTexts_isRefused() throws Exception {
    RunDirectory run = record("prompt-lookup:2,3", true);
    assertThatThrownBy(() -> DecisionReplay.of(run, Policies.parse("prompt-lookup:2,3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("texts, which are not recorded");
  }

  private static long firstSpeculating(RunDirectory run) throws IOException {
    return steps(run).stream()
        .filter(row -> row.decisions().stream().anyMatch(one -> one.nodes().size() >= 3))
        .findFirst()
        .orElseThrow()
        .step();
  }

  private static Decision dropLast(StepRecord row) {
    Decision decision = full(row);
    List<Decision.Node> nodes = new ArrayList<>(decision.nodes());
    Decision.Node last = nodes.removeLast();
    nodes.add(
        new Decision.Node(
            last.parent(), last.confidence(), false, false, last.matched(), last.forward()));
    return withNodes(decision, nodes);
  }

  private static Decision removeLast(StepRecord row) {
    Decision decision = full(row);
    return withNodes(decision, decision.nodes().subList(0, decision.nodes().size() - 1));
  }

  /// So unsure of its first token that no batch makes up for it.
  private static Decision unsure(StepRecord row) {
    Decision decision = full(row);
    List<Decision.Node> nodes = new ArrayList<>(decision.nodes());
    Decision.Node first = nodes.removeFirst();
    nodes.addFirst(
        new Decision.Node(
            first.parent(),
            -100,
            first.kept(),
            first.accepted(),
            first.matched(),
            first.forward()));
    return withNodes(decision, nodes);
  }

  private static Decision full(StepRecord row) {
    return row.decisions().stream()
        .filter(one -> one.nodes().size() >= 3)
        .findFirst()
        .orElseThrow();
  }

  private static Decision withNodes(Decision decision, List<Decision.Node> nodes) {
    return new Decision(
        decision.requestId(),
        decision.contextTokens(),
        decision.draftLag(),
        decision.maxNodes(),
        decision.maxDepth(),
        decision.outputTokens(),
        decision.firstTokenNanos(),
        nodes,
        decision.emitted());
  }

  private static StepRecord withDecision(StepRecord row, Decision changed) {
    List<Decision> decisions =
        row.decisions().stream()
            .map(one -> one.requestId() == changed.requestId() ? changed : one)
            .toList();
    return with(row, row.verifyNanos(), decisions);
  }

  private static StepRecord withVerifyNanos(StepRecord row, long verifyNanos) {
    return with(row, verifyNanos, row.decisions());
  }

  private static StepRecord with(StepRecord row, long verifyNanos, List<Decision> decisions) {
    return new StepRecord(
        row.step(),
        row.startNanos(),
        row.batch(),
        row.prefills(),
        row.prefillTokens(),
        row.verifyTokens(),
        row.contextTokens(),
        row.draftForwards(),
        row.draftTokens(),
        row.drafted(),
        row.verified(),
        row.accepted(),
        row.acceptedLate(),
        row.emitted(),
        row.predictedDraftNanos(),
        row.predictedVerifyNanos(),
        row.draftNanos(),
        row.prefillDraftNanos(),
        verifyNanos,
        row.policyNanos(),
        row.totalNanos(),
        row.usedBlocks(),
        row.totalBlocks(),
        row.running(),
        row.waiting(),
        row.preempted(),
        row.recomputedTokens(),
        row.failure(),
        decisions);
  }

  private RunDirectory rewrite(RunDirectory run, UnaryOperator<StepRecord> change)
      throws IOException {
    RunDirectory other = new RunDirectory(directory.resolve("tampered"));
    try (SequentialRunWriter writer = SequentialRunWriter.open(other, run.readInfo())) {
      ArrowRunReader.requests(run, writer::request);
      ArrowRunReader.steps(run, row -> writer.step(change.apply(row)));
    }
    Files.copy(run.profile(), other.profile());
    return other;
  }

  private static List<StepRecord> steps(RunDirectory run) throws IOException {
    List<StepRecord> steps = new ArrayList<>();
    ArrowRunReader.steps(run, steps::add);
    return steps;
  }

  private RunDirectory record(String policy, boolean decisions) throws Exception {
    PolicySpec spec = Policies.parse(policy);
    Deployment deployment =
        ToyDeployment.load(
            new DeploymentLoader.Spec(
                Path.of("target"),
                Optional.of(new DraftModel.Separate(Path.of("draft"))),
                "cpu",
                "f32",
                1,
                DraftSampling.DETERMINISTIC,
                new DeploymentLoader.Limits(8, 128, OptionalInt.empty(), OptionalInt.empty(), 16)));
    RunConfig config =
        new RunConfig(
            deployment.limits().recordingDecisions(decisions),
            new RunConfig.Generation(0, 0, 1, DraftSampling.DETERMINISTIC, true),
            new RunConfig.Load(OptionalInt.empty(), Duration.ofSeconds(60), 4),
            new SloMix(
                Slo.UNCONSTRAINED,
                List.of(new SloMix.SloClass("chat", new Slo(Slo.NONE, 5_000_000, Slo.NONE), 0.3))),
            1,
            Map.of());
    WorkloadSettings settings =
        new WorkloadSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new WorkloadSettings.Arrivals(1_000, 1, Optional.of(REQUESTS))),
            TraceOptions.DEFAULTS,
            Optional.empty());
    Workload workload = WorkloadSource.read(settings, 1).build(deployment.codec());
    RunDirectory run = new RunDirectory(directory.resolve("run"));
    RunInfo info =
        RunDescription.of(
            "2026-01-01T00:00:00Z",
            spec,
            deployment,
            config,
            settings,
            workload,
            Optional.of(Path.of("profile.json")));
    new Replay(
            deployment,
            Optional.of(new FlatCost(1e5, 1e6).profile()),
            config,
            workload,
            Clock.system(),
            new StopSignal())
        .run(spec, run, info, record -> true, (elapsed, dispatched, live) -> {});
    return run;
  }
}
