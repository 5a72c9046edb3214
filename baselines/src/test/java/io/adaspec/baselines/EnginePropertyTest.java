package io.adaspec.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Distributions;
import io.adaspec.engine.exec.Draws;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.exec.ToyExecutor;
import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/// Whatever arrives, is cancelled or fails: no request, token or cache block is lost or counted
/// twice. The executor checks every cache cell that it reads.
class EnginePropertyTest {
  private static final int VOCABULARY = 12;
  private static final int STOP = 11;
  private static final ToyModel TARGET = ToyModel.random(VOCABULARY, 2, 1.5, 3);
  private static final ToyModel DRAFT = TARGET.noisy(0.7, 9);

  /// @param blocks of four cells
  record Limits(int maxBatch, int extraBatchTokens, int maxContext, int blocks) {}

  /// @param step that it is submitted before
  /// @param cancelAfter steps, or none where negative
  record Arrival(
      int step, int promptTokens, int maxNewTokens, int cancelAfter, double temperature) {}

  /// @param failing numbers of executor calls that fail, counted from 0
  record Scenario(
      String policy,
      boolean sampledDrafts,
      Limits limits,
      List<Arrival> arrivals,
      Set<Integer> failing,
      long seed) {

    PolicySpec spec() {
      return policy.equals("random-tree") ? RandomTree.spec(9, seed) : Policies.parse(policy);
    }

    Request request(int id) {
      Arrival arrival = arrivals.get(id);
      return new Request(
          id,
          IntStream.range(0, arrival.promptTokens()).map(i -> (id + i) % VOCABULARY).toArray(),
          arrival.maxNewTokens(),
          id % 3 == 0 ? new int[] {STOP} : new int[0],
          new SamplingParams(arrival.temperature(), id % 4, 1, seed + id),
          new Slo(Slo.NONE, 1_200_000, Slo.NONE),
          0);
    }
  }

  @Provide
  Arbitrary<Scenario> scenarios() {
    Arbitrary<Limits> limits =
        Combinators.combine(between(1, 6), between(0, 12), between(30, 60), between(6, 24))
            .as(Limits::new);
    Arbitrary<Arrival> arrival =
        Combinators.combine(
                between(0, 20),
                Arbitraries.frequencyOf(Tuple.of(1, between(0, 60)), Tuple.of(12, between(1, 16))),
                Arbitraries.frequencyOf(Tuple.of(1, between(0, 2)), Tuple.of(12, between(4, 24))),
                between(-40, 20),
                Arbitraries.of(0.0, 0.0, 0.8))
            .as(Arrival::new);
    return Combinators.combine(
            Arbitraries.of(
                "autoregressive",
                "fixed:1",
                "fixed:5",
                "adaspec",
                "adaspec:3",
                "adaspec-plus",
                "prompt-lookup:1,3",
                "random-tree",
                "random-tree",
                "random-tree"),
            Arbitraries.of(true, false),
            limits,
            arrival.list().ofMinSize(4).ofMaxSize(16),
            between(0, 300).set().ofMaxSize(3),
            Arbitraries.longs().between(0, 1000))
        .as(Scenario::new);
  }

  private static Arbitrary<Integer> between(int min, int max) {
    return Arbitraries.integers().between(min, max).withDistribution(RandomDistribution.uniform());
  }

  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  @Property(tries = 250, seed = "20260101", edgeCases = EdgeCasesMode.NONE)
  void nothingIsLostOrCountedTwice(@ForAll("scenarios") Scenario scenario) {
    Run run = new Run(scenario);

    run.toTheEnd();

    for (int id = 0; id < scenario.arrivals().size(); id++) {
      run.checkRequest(scenario.request(id));
    }
    run.checkSteps();
    collect("preempted", run.stats().stream().anyMatch(stats -> stats.preemptions() > 0));
    collect("forward failed", run.failed("forward failed"));
    collect("move failed", run.failed("move failed"));
    collect("cancelled", run.ended(FinishReason.CANCELLED));
    collect("stopped", run.ended(FinishReason.STOP));
    collect("rejected", run.ended(FinishReason.REJECTED));
    collect("pruned", run.steps.stream().anyMatch(step -> step.verified() < step.drafted()));
    collect("accepted", run.steps.stream().anyMatch(step -> step.accepted() > 1));
    collect("cells moved", run.executor.moved > 0);
  }

  /// So that a scenario generator that no longer reaches a case fails the test.
  private static void collect(String event, boolean happened) {
    Statistics.label(event)
        .collect(happened)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 10));
  }

  private static final class Run {
    final Scenario scenario;
    final SchedulerConfig limits;
    final Clock.Virtual clock = new Clock.Virtual();
    final List<StepRecord> steps = new ArrayList<>();
    final Map<Long, List<TokenEvent>> events = new HashMap<>();
    final FailingExecutor executor;
    final Engine engine;
    long lastEventNanos;

    Run(Scenario scenario) {
      this.scenario = scenario;
      Limits given = scenario.limits();
      limits =
          new SchedulerConfig(
              given.maxBatch(), given.maxBatch() + given.extraBatchTokens(), given.maxContext());
      PolicySpec policy = scenario.spec();
      Draws.Source drafts = scenario.sampledDrafts() && policy.prefixOnly() ? Draws::seeded : null;
      ToyExecutor toy = new ToyExecutor(VOCABULARY, TARGET, DRAFT, given.blocks(), 4, drafts);
      executor = new FailingExecutor(toy, clock, scenario.failing());
      engine =
          new Engine(
              new EngineConfig(limits, given.blocks(), 4),
              executor,
              policy,
              ToyEngine.COST,
              clock,
              steps::add,
              this::take);
    }

    private void take(TokenEvent event) {
      List<TokenEvent> earlier = events.computeIfAbsent(event.requestId(), id -> new ArrayList<>());
      assertThat(earlier).as("no event after the end").allMatch(e -> e.finish() == null);
      assertThat(event.nanos()).isGreaterThanOrEqualTo(lastEventNanos);
      assertThat(event.tokens().length > 0 || event.finish() != null).isTrue();
      lastEventNanos = event.nanos();
      earlier.add(event);
    }

    void toTheEnd() {
      List<Arrival> arrivals = scenario.arrivals();
      for (int step = 0; step <= 60 || engine.hasWork(); step++) {
        for (int id = 0; id < arrivals.size(); id++) {
          Arrival arrival = arrivals.get(id);
          if (arrival.step() == step) {
            engine.submit(scenario.request(id));
          }
          if (arrival.cancelAfter() >= 0 && arrival.step() + arrival.cancelAfter() == step) {
            engine.cancel(id);
          }
        }
        engine.checkIntegrity();
        engine.step();
        engine.checkIntegrity();
        assertThat(step).as("it ends").isLessThan(5000);
      }
    }

    void checkRequest(Request request) {
      List<TokenEvent> own = events.get(request.id());
      assertThat(own.stream().filter(event -> event.finish() != null)).hasSize(1);
      Finish finish = own.getLast().finish();
      RequestStats stats = finish.stats();
      int[] tokens = own.stream().flatMapToInt(event -> Arrays.stream(event.tokens())).toArray();
      assertThat(stats.outputTokens()).isEqualTo(tokens.length);
      assertThat(stats.drafted()).isGreaterThanOrEqualTo(stats.verified());
      assertThat(stats.verified()).isGreaterThanOrEqualTo(stats.accepted());
      assertThat(stats.decodeSteps()).isGreaterThanOrEqualTo(stats.speculativeSteps());
      checkJudged(stats);
      assertThat(tokens.length).isLessThanOrEqualTo(Math.max(0, request.maxNewTokens()));
      int stop =
          IntStream.range(0, tokens.length)
              .filter(i -> request.stopsAt(tokens[i]))
              .findFirst()
              .orElse(-1);
      assertThat(stop).as("nothing follows a stop token").isIn(-1, tokens.length - 1);
      switch (finish.reason()) {
        case STOP -> assertThat(stop).isNotNegative();
        case LENGTH -> {
          assertThat(tokens).hasSize(request.maxNewTokens());
          assertThat(stop).isNegative();
        }
        case CANCELLED ->
            assertThat(scenario.arrivals().get((int) request.id()).cancelAfter()).isNotNegative();
        case REJECTED -> {
          assertThat(tokens).isEmpty();
          assertThat(finish.detail()).isNotEmpty();
        }
        case FAILED -> assertThat(finish.detail()).isIn("forward failed", "move failed");
      }
      assertThat(finish.reason() == FinishReason.REJECTED).isEqualTo(cannotBeServed(request));
      if (request.sampling().greedy()) {
        assertThat(tokens).isEqualTo(greedy(request.prompt(), tokens.length));
      }
    }

    private static void checkJudged(RequestStats stats) {
      int judged = Arrays.stream(stats.judgedByDepth()).sum();
      assertThat(judged).isBetween(stats.accepted(), stats.verified());
      assertThat(Arrays.stream(stats.acceptedByDepth()).sum()).isEqualTo(stats.accepted());
      for (int d = 0; d < stats.judgedByDepth().length; d++) {
        assertThat(stats.acceptedByDepth()[d]).isLessThanOrEqualTo(stats.judgedByDepth()[d]);
        assertThat(d == 0 || stats.acceptedByDepth()[d - 1] > 0).as("its parent").isTrue();
      }
      Calibration calibration = stats.calibration();
      assertThat(Arrays.stream(calibration.judged()).sum()).isEqualTo(judged);
      assertThat(Arrays.stream(calibration.accepted()).sum()).isEqualTo(stats.accepted());
      assertThat(Arrays.stream(calibration.confidenceSum()).sum()).isBetween(0.0, judged + 1e-6);
      assertThat(calibration.squaredError()).isBetween(0.0, judged + 1e-6);
    }

    private boolean cannotBeServed(Request request) {
      int total = request.prompt().length() + request.maxNewTokens();
      return request.prompt().length() == 0
          || request.maxNewTokens() == 0
          || total > limits.maxContext()
          || total - 1 > 4 * scenario.limits().blocks();
    }

    void checkSteps() {
      for (int i = 0; i < steps.size(); i++) {
        StepRecord step = steps.get(i);
        assertThat(step.batch() + step.prefills()).isPositive();
        assertThat(step.batch() + step.prefills()).isLessThanOrEqualTo(step.running());
        assertThat(step.running()).isLessThanOrEqualTo(limits.maxBatch());
        assertThat(step.batch() + step.prefillTokens())
            .isLessThanOrEqualTo(limits.maxBatchTokens());
        assertThat(step.usedBlocks()).isBetween(1, step.totalBlocks());
        assertThat(step.verified()).isBetween(step.accepted(), step.drafted());
        assertThat(step.acceptedLate()).isBetween(0, step.accepted());
        assertThat(step.recomputedTokens()).isBetween(0, step.prefillTokens());
        if (step.failure().isEmpty()) {
          assertThat(step.verifyTokens())
              .isEqualTo(step.batch() + step.verified() + step.prefillTokens());
          assertThat(step.emitted())
              .isBetween(step.accepted(), step.accepted() + step.batch() + step.prefills());
        }
        if (i > 0) {
          StepRecord before = steps.get(i - 1);
          assertThat(step.step()).isGreaterThan(before.step());
          assertThat(step.startNanos())
              .isGreaterThanOrEqualTo(before.startNanos() + before.totalNanos());
        }
      }
      assertSum(StepRecord::drafted, RequestStats::drafted);
      assertSum(StepRecord::verified, RequestStats::verified);
      assertSum(StepRecord::accepted, RequestStats::accepted);
      assertSum(StepRecord::batch, RequestStats::decodeSteps);
      assertSum(StepRecord::emitted, RequestStats::outputTokens);
      assertThat(steps.stream().mapToInt(StepRecord::preempted).sum())
          .isEqualTo(stats().stream().mapToInt(RequestStats::preemptions).sum());
    }

    /// Steps whose verdicts were reached and requests agree.
    private void assertSum(
        ToIntFunction<StepRecord> ofStep, ToIntFunction<RequestStats> ofRequest) {
      assertThat(
              steps.stream()
                  .filter(step -> !step.failure().equals("forward failed"))
                  .mapToInt(ofStep)
                  .sum())
          .isEqualTo(stats().stream().mapToInt(ofRequest).sum());
    }

    private List<RequestStats> stats() {
      return finishes().map(Finish::stats).toList();
    }

    private Stream<Finish> finishes() {
      return events.values().stream()
          .flatMap(List::stream)
          .map(TokenEvent::finish)
          .filter(Objects::nonNull);
    }

    boolean ended(FinishReason reason) {
      return finishes().anyMatch(finish -> finish.reason() == reason);
    }

    boolean failed(String failure) {
      return steps.stream().anyMatch(step -> step.failure().equals(failure));
    }
  }

  private static int[] greedy(TokenView prompt, int count) {
    int[] text = new int[prompt.length() + count];
    Arrays.setAll(text, i -> i < prompt.length() ? prompt.at(i) : 0);
    for (int length = prompt.length(); length < text.length; length++) {
      text[length] = Distributions.argmax(TARGET.logits(text, length));
    }
    return Arrays.copyOfRange(text, prompt.length(), text.length);
  }

  /// Lets time pass and fails where it is told to.
  private static final class FailingExecutor implements Executor {
    private final ToyExecutor toy;
    private final Clock.Virtual clock;
    private final Set<Integer> failing;
    private int calls;
    private int moved;

    FailingExecutor(ToyExecutor toy, Clock.Virtual clock, Set<Integer> failing) {
      this.toy = toy;
      this.clock = clock;
      this.failing = failing;
    }

    private void call(String failure) {
      clock.advance(1000 + 37 * calls % 500);
      if (failing.contains(calls++)) {
        throw new ExecutorException(failure, null);
      }
    }

    @Override
    public int vocabularySize() {
      return toy.vocabularySize();
    }

    @Override
    public void prefillDraft(List<PrefillChunk> chunks) {
      call("forward failed");
      toy.prefillDraft(chunks);
    }

    @Override
    public void draft(StepPlan plan, DraftBatch drafts) {
      call("forward failed");
      toy.draft(plan, drafts);
    }

    @Override
    public TargetScores verify(StepPlan plan, VerificationPlan kept) {
      call("forward failed");
      return toy.verify(plan, kept);
    }

    @Override
    public void moveKv(int[] from, int[] to) {
      call("move failed");
      toy.moveKv(from, to);
      moved += from.length;
    }

    @Override
    public void close() {
      toy.close();
    }
  }
}
