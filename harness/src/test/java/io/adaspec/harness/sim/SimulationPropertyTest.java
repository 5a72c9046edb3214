package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.VerificationPlan;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.sim.Simulations.Records;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds of every simulated run, whatever the workload, limits, policy and faults.
class SimulationPropertyTest {
  /// @param faults share of forwards that fail
  record Case(
      WorkloadPlan workload,
      EngineConfig limits,
      String policy,
      OptionalInt maxConcurrency,
      double noise,
      double faults,
      long seed) {
    @Override
    public String toString() {
      return "%d requests, %s, %s, %s in flight, noise %s, faults %s, seed %d"
          .formatted(
              workload.requests().size(), limits, policy, maxConcurrency, noise, faults, seed);
    }
  }

  @Property(tries = 150)
  void nothingIsLostAndTimeGoesOn(@ForAll("cases") Case run) {
    Records records = simulate(run);
    everyRequestEndsOnce(run, records);
    tokensAreConserved(records);
    timeGoesOn(records);
    queuesAreCounts(run, records);
  }

  @Property(tries = 25)
  void aRunIsAFunctionOfItsSpecification(@ForAll("cases") Case run) {
    Records once = simulate(run);
    Records again = simulate(run);
    assertThat(again.requests).isEqualTo(once.requests);
    assertThat(again.steps).isEqualTo(once.steps);
  }

  private static void everyRequestEndsOnce(Case run, Records records) {
    assertThat(records.requests)
        .extracting(record -> (int) record.id())
        .containsExactlyInAnyOrderElementsOf(
            run.workload().requests().stream().map(PlannedRequest::id).toList());
    for (RequestRecord record : records.requests) {
      PlannedRequest planned = run.workload().requests().get((int) record.id());
      switch (record.outcome()) {
        case LENGTH -> assertThat(record.outputTokens()).isEqualTo(planned.lengths().output());
        case FAILED -> assertThat(run.faults()).isPositive();
        case REJECTED ->
            assertThat(planned.tokens())
                .isGreaterThan(
                    Math.min(
                        run.limits().scheduler().maxContext(),
                        run.limits().blocks() * run.limits().blockSize()));
        default -> throw new AssertionError(record.toString());
      }
    }
  }

  private static void tokensAreConserved(Records records) {
    assertThat(records.steps.stream().mapToLong(StepRecord::emitted).sum())
        .isEqualTo(records.requests.stream().mapToLong(RequestRecord::outputTokens).sum());
    assertThat(records.steps.stream().mapToLong(StepRecord::accepted).sum())
        .isGreaterThanOrEqualTo(
            records.requests.stream().mapToLong(record -> record.stats().accepted()).sum());
    assertThat(records.steps)
        .allSatisfy(
            step -> {
              assertThat(step.verified()).isBetween(step.accepted(), step.drafted());
              assertThat(step.emitted())
                  .isLessThanOrEqualTo(step.accepted() + step.batch() + step.prefills());
            });
  }

  private static void timeGoesOn(Records records) {
    long end = 0;
    for (StepRecord step : records.steps) {
      assertThat(step.startNanos()).isGreaterThanOrEqualTo(end);
      assertThat(step.totalNanos())
          .isGreaterThanOrEqualTo(
              step.draftNanos() + step.prefillDraftNanos() + step.verifyNanos());
      end = step.startNanos() + step.totalNanos();
    }
    for (RequestRecord record : records.requests) {
      long before = record.scheduledNanos();
      assertThat(record.dispatchedNanos()).isGreaterThanOrEqualTo(before);
      for (long nanos : record.emissions().nanos()) {
        assertThat(nanos).isGreaterThan(before);
        before = nanos;
      }
      assertThat(before).isLessThanOrEqualTo(Math.max(end, record.scheduledNanos()));
    }
  }

  private static void queuesAreCounts(Case run, Records records) {
    int limit = run.maxConcurrency().orElse(Integer.MAX_VALUE);
    for (StepRecord step : records.steps) {
      assertThat(step.waiting()).isNotNegative();
      assertThat(step.running()).isBetween(1, run.limits().scheduler().maxBatch());
      assertThat(step.usedBlocks()).isBetween(1, step.totalBlocks());
      assertThat(step.running() + step.waiting()).isLessThanOrEqualTo(limit);
    }
  }

  private static Records simulate(Case run) {
    SimulatedDevice device = Simulations.DEVICE.withLimits(run.limits());
    AcceptanceSource source = Simulations.synthetic();
    Simulation.Spec spec =
        new Simulation.Spec(
            device,
            SimulatedProfiler.measure(device, run.noise(), 1, List.of(0.6, 0.2)),
            source,
            run.workload(),
            Simulations.SLO,
            run.seed(),
            run.maxConcurrency(),
            run.noise(),
            List.of(new Injection.Slowdown(1.7, 20_000_000, 60_000_000)));
    Walks walks = Walks.of(source.library(), run.workload().requests(), run.seed());
    Clock.Virtual clock = new Clock.Virtual();
    DeviceTime time = new DeviceTime(device, clock, spec.injections(), run.noise(), run.seed());
    Records records = new Records();
    boolean complete =
        new VirtualReplay(
                spec,
                walks,
                Policies.parse(run.policy()),
                new Faulty(new SimulatedExecutor(walks, time), run.faults(), run.seed()),
                new ProfiledCostModel(spec.profile()),
                clock,
                records)
            .run(VirtualReplay.Progress.NONE);
    assertThat(complete).isTrue();
    return records;
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<EngineConfig> limits =
        Combinators.combine(
                Arbitraries.integers().between(1, 12),
                Arbitraries.integers().between(0, 100),
                Arbitraries.integers().between(20, 300),
                Arbitraries.integers().between(4, 120),
                Arbitraries.of(1, 4, 16))
            .as(
                (batch, moreTokens, context, blocks, blockSize) ->
                    new EngineConfig(
                        new SchedulerConfig(batch, batch + moreTokens, context),
                        blocks,
                        blockSize));
    return Combinators.combine(
            workloads(),
            limits,
            Arbitraries.of(
                "autoregressive",
                "fixed:1",
                "fixed:4",
                "fixed:20",
                "static-tree:1,3,1",
                "sequoia:8,4",
                "threshold:0.5",
                "smartspec",
                "bandit",
                "batch-schedule:1-2=4,3-8=2",
                "adaspec",
                "adaspec-plus"),
            Arbitraries.integers().between(0, 6),
            Arbitraries.of(0.0, 0.02, 0.3),
            Arbitraries.of(0.0, 0.0, 0.01, 0.1),
            Arbitraries.longs())
        .as(
            (workload, limit, policy, concurrency, noise, faults, seed) ->
                new Case(
                    workload,
                    limit,
                    policy,
                    concurrency == 0 ? OptionalInt.empty() : OptionalInt.of(concurrency),
                    noise,
                    faults,
                    seed));
  }

  private static Arbitrary<WorkloadPlan> workloads() {
    Arbitrary<int[]> request =
        Combinators.combine(
                Arbitraries.integers().between(0, 30_000),
                Arbitraries.integers().between(1, 200),
                Arbitraries.integers().between(1, 90))
            .as((gap, prompt, output) -> new int[] {gap, prompt, output});
    return request
        .list()
        .ofMinSize(1)
        .ofMaxSize(40)
        .map(
            drawn -> {
              List<PlannedRequest> requests = new ArrayList<>();
              long arrival = 0;
              for (int[] each : drawn) {
                arrival += each[0] * 1000L;
                requests.add(Simulations.request(requests.size(), arrival, each[1], each[2]));
              }
              return Simulations.plan(requests);
            });
  }

  /// Forwards fail now and then, before or after their time has passed.
  private static final class Faulty implements Executor {
    private final Executor executor;
    private final double share;
    private final Random random;

    Faulty(Executor executor, double share, long seed) {
      this.executor = executor;
      this.share = share;
      this.random = new Random(seed);
    }

    private void mayFail() {
      if (random.nextDouble() < share / 2) {
        throw new ExecutorException("injected", null);
      }
    }

    @Override
    public int vocabularySize() {
      return executor.vocabularySize();
    }

    @Override
    public void prefillDraft(List<PrefillChunk> chunks) {
      mayFail();
      executor.prefillDraft(chunks);
    }

    @Override
    public void draft(StepPlan plan, DraftBatch drafts) {
      mayFail();
      executor.draft(plan, drafts);
    }

    @Override
    public TargetScores verify(StepPlan plan, VerificationPlan kept) {
      mayFail();
      TargetScores scores = executor.verify(plan, kept);
      mayFail();
      return scores;
    }

    @Override
    public void moveKv(int[] from, int[] to) {
      executor.moveKv(from, to);
    }

    @Override
    public void close() {
      executor.close();
    }
  }
}
