package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.Clock;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfilerTest {
  private static final int BLOCK_SIZE = 16;
  private static final int BLOCKS = 512;
  private static final LatencyProfile.Key KEY =
      new LatencyProfile.Key("virtual", "linear", "linear", "F32", 1, "");

  private static final Profiler.Progress IGNORED = (target, draft, done, total) -> {};

  private final Clock.Virtual clock = new Clock.Virtual();
  private final LinearExecutor executor = new LinearExecutor();

  /// Time passes as a linear function of what the forward is asked for, counted from sequences and
  /// nodes.
  private final class LinearExecutor implements Executor {
    long coldNanos;
    private boolean cold;
    int warmUps;
    double slowFirst = 1;
    final StringBuilder order = new StringBuilder();

    private void pass(long fixed, int perToken, int tokens, long perThousandContext, long context) {
      double nanos = fixed + (long) perToken * tokens + perThousandContext * context / 1000.0;
      clock.advance(Math.round(nanos * (warmUps-- > 0 ? slowFirst : 1)));
    }

    @Override
    public int vocabularySize() {
      return 4;
    }

    @Override
    public void prefillDraft(List<PrefillChunk> chunks) {}

    @Override
    public void draft(StepPlan plan, DraftBatch drafts) {
      order.append('d');
      int tokens = 0;
      long context = 0;
      for (int e = 0; e < drafts.expansions(); e++) {
        Sequence sequence = plan.decodes()[drafts.expansionRequest(e)];
        tokens += sequence.length() - sequence.draftComputed();
        context += sequence.draftComputed();
        drafts.proposal(drafts.expansionRequest(e)).add(0, 0, 1);
      }
      drafts.forwardDone();
      pass(100_000 + (cold ? coldNanos : 0), 1000, tokens, 2000, context);
      cold = false;
    }

    @Override
    public TargetScores verify(StepPlan plan, VerificationPlan kept) {
      order.append('t');
      cold = true;
      int tokens = 0;
      long context = 0;
      for (int i = 0; i < plan.decodes().length; i++) {
        Sequence sequence = plan.decodes()[i];
        assertOwnCells(sequence, kept.kept(i).length);
        tokens += 1 + kept.kept(i).length;
        context += sequence.length() - 1;
      }
      for (PrefillChunk chunk : plan.prefills()) {
        tokens += chunk.length();
        context += chunk.start();
      }
      pass(1_000_000, 20_000, tokens, 5000, context);
      return new TargetScores() {
        @Override
        public int argmax(int row) {
          return 0;
        }

        @Override
        public void logits(int row, float[] logits) {}
      };
    }

    /// A sequence's cells lie in slots of the cache, each in one of its own.
    private static void assertOwnCells(Sequence sequence, int nodes) {
      Set<Integer> slots = new HashSet<>();
      for (int cell = 0; cell < sequence.length() + nodes; cell++) {
        slots.add(sequence.blocks().slot(cell, BLOCK_SIZE));
      }
      assertThat(slots)
          .hasSize(sequence.length() + nodes)
          .allMatch(slot -> slot < BLOCKS * BLOCK_SIZE);
    }

    @Override
    public void moveKv(int[] from, int[] to) {}

    @Override
    public void close() {}
  }

  private LatencyProfile measure(int maxBatch, int maxContext, boolean withDraft) {
    return new Profiler(
            executor,
            new SchedulerConfig(maxBatch, 256, maxContext),
            BLOCKS,
            BLOCK_SIZE,
            true,
            clock::nanos)
        .measure(KEY, "now", withDraft, IGNORED);
  }

  @Test
  void aLinearCost_isRecoveredOnAndOffTheGrid() {
    LatencyProfile profile = measure(32, 2048, true);

    LatencyTable verify = new LatencyTable(profile.verify());
    LatencyTable draft = new LatencyTable(profile.draft());
    for (int newTokens : new int[] {1, 3, 32, 50, 512, 2000}) {
      for (long contextPerToken : new long[] {0, 1, 100, 1024, 8000}) {
        long context = newTokens * contextPerToken;
        double verifyNanos = 1_000_000 + 20_000.0 * newTokens + 5.0 * context;
        double draftNanos = 100_000 + 1000.0 * newTokens + 2.0 * context;
        assertThat(verify.nanos(newTokens, context))
            .isCloseTo(verifyNanos, within(1e-6 * verifyNanos));
        assertThat(draft.nanos(newTokens, context))
            .isCloseTo(draftNanos, within(1e-6 * draftNanos));
      }
    }
    assertThat(profile.key()).isEqualTo(KEY);
    assertThat(profile.measuredAt()).isEqualTo("now");
  }

  @Test
  void theGrid_endsAtTheLimitsOfBatchAndContext() {
    LatencyProfile profile = measure(4, 300, true);

    assertThat(profile.verify())
        .extracting(LatencyTable.Point::newTokens)
        .contains(1, 4, 8, 64)
        .allMatch(n -> n <= 64 && (n <= 4 || n % 4 == 0));
    assertThat(profile.verify())
        .allMatch(point -> point.contextTokens() < 300L * point.newTokens());
  }

  @Test
  void theFirstForwards_areWarmUp() {
    executor.warmUps = 2;
    executor.slowFirst = 1000;

    LatencyProfile profile = measure(4, 300, false);

    assertThat(profile.verify().getFirst().nanos()).isEqualTo(1_000_000 + 20_000 + 5);
  }

  @Test
  void oneSlowForward_isOutvoted() {
    executor.warmUps = 4;
    executor.slowFirst = 1000;

    LatencyProfile profile = measure(4, 300, false);

    assertThat(profile.verify().getFirst().nanos()).isEqualTo(1_000_000 + 20_000 + 5);
  }

  @Test
  void forwardsAreNotOverhead() {
    LatencyProfile profile = measure(4, 300, true);

    assertThat(profile.verifyOverheadNanos()).isEqualTo(1);
    assertThat(profile.draftOverheadNanos()).isEqualTo(1);
  }

  @Test
  void draftForwards_areTimedAfterATargetsAndVerificationAfterADrafts() {
    measure(4, 300, true);

    assertThat(executor.order.substring(0, 8)).isEqualTo("tddttddt");
    assertThat(executor.order).matches("(tddt)+t{60}d{60}");
  }

  @Test
  void theFirstDraftForwardOfAStep_isMeasuredApart() {
    executor.coldNanos = 40_000;

    LatencyProfile profile = measure(4, 300, true);

    assertThat(profile.firstDraftNanos()).isEqualTo(40_000);
    assertThat(profile.draft().getFirst().nanos()).isEqualTo(100_000 + 1000 + 2 + 20_000);
  }

  @Test
  void chains_areMeasuredOfFewerRequestsThanTheLargestBatch() {
    LatencyProfile profile = measure(16, 300, true);

    assertThat(profile.verify()).hasSameSizeAs(profile.draft());
    assertThat(profile.verify())
        .filteredOn(point -> point.requests() == 1)
        .extracting(LatencyTable.Point::newTokens)
        .containsOnly(1, 2, 4, 8, 16, 64);
    assertThat(profile.verify())
        .filteredOn(point -> point.requests() == 4)
        .extracting(LatencyTable.Point::newTokens)
        .containsOnly(4, 8, 16, 32, 64);
  }

  @Test
  void withoutADraft_onlyTheTargetIsMeasured() {
    LatencyProfile profile = measure(4, 300, false);

    assertThat(profile.draft()).isEmpty();
    assertThat(profile.draftOverheadNanos()).isZero();
  }

  @Test
  void progress_countsToTheTotal() {
    List<Optional<LatencyTable.Point>> drafts = new ArrayList<>();
    List<Integer> done = new ArrayList<>();
    List<Integer> totals = new ArrayList<>();
    new Profiler(executor, new SchedulerConfig(2, 256, 200), BLOCKS, BLOCK_SIZE, true, clock::nanos)
        .measure(
            KEY,
            "",
            true,
            new Profiler.Progress() {
              @Override
              public void measured(
                  LatencyTable.Point target,
                  Optional<LatencyTable.Point> draft,
                  int count,
                  int total) {
                drafts.add(draft);
                done.add(count);
                totals.add(total);
              }

              @Override
              public void skipped(int skipped, int all) {
                throw new AssertionError("there is no budget");
              }
            });

    assertThat(drafts).allMatch(Optional::isPresent);
    assertThat(totals).containsOnly(done.size());
    for (int i = 0; i < done.size(); i++) {
      assertThat(done.get(i)).isEqualTo(i + 1);
    }
  }

  @Test
  void aCacheOfOneContext_isEnough() {
    LatencyProfile profile =
        new Profiler(executor, new SchedulerConfig(8, 256, 512), 32, BLOCK_SIZE, true, clock::nanos)
            .measure(KEY, "", true, IGNORED);

    assertThat(profile.verify())
        .extracting(LatencyTable.Point::contextTokens)
        .contains(256L, 8 * 256L);
  }

  @Test
  void aBudget_leavesOutTheLargestPointsAndIsKept() {
    long budget = 800_000_000L;
    int[] reported = new int[2];
    long before = clock.nanos();

    LatencyProfile profile =
        new Profiler(
                executor,
                new SchedulerConfig(16, 256, 8192),
                BLOCKS,
                BLOCK_SIZE,
                true,
                clock::nanos)
            .measure(
                KEY,
                "",
                true,
                budget,
                new Profiler.Progress() {
                  @Override
                  public void measured(
                      LatencyTable.Point target,
                      Optional<LatencyTable.Point> draft,
                      int done,
                      int total) {}

                  @Override
                  public void skipped(int skipped, int all) {
                    reported[0] = skipped;
                    reported[1] = all;
                  }
                });

    assertThat(clock.nanos() - before).isLessThan(budget * 5 / 4);
    assertThat(reported[0]).isPositive();
    assertThat(profile.verify()).hasSize(reported[1] - reported[0]);
    assertThat(profile.draft()).hasSize(reported[1] - reported[0]);
    assertThat(new LatencyTable(profile.verify()).nanos(64, 64 * 512))
        .as("the rest is extrapolated")
        .isCloseTo(1_000_000 + 20_000 * 64 + 5.0 * 64 * 512, within(1000.0));
    assertThat(longestContext(profile, 64))
        .as("batches are spanned, at short contexts")
        .isLessThan(512);
    assertThat(longestContext(profile, 1)).isGreaterThanOrEqualTo(512);
  }

  /// Cached tokens of each new token in the largest forward over `newTokens`.
  private static long longestContext(LatencyProfile profile, int newTokens) {
    return profile.verify().stream()
        .filter(point -> point.newTokens() == newTokens)
        .mapToLong(point -> point.contextTokens() / Math.min(newTokens, 16))
        .max()
        .orElseThrow();
  }

  @Test
  void noBudgetAtAll_stillMeasuresWhatAProfileNeeds() {
    LatencyProfile profile =
        new Profiler(
                executor, new SchedulerConfig(4, 256, 300), BLOCKS, BLOCK_SIZE, true, clock::nanos)
            .measure(KEY, "", true, 0, IGNORED);

    assertThat(profile.verify()).extracting(LatencyTable.Point::newTokens).containsExactly(1, 2);
    assertThat(new LatencyTable(profile.verify()).nanos(3, 3))
        .isCloseTo(1_000_000 + 3 * 20_000 + 5 * 3, within(1.0));
    assertThat(new LatencyTable(profile.draft()).nanos(3, 3)).isPositive();
  }

  @Test
  void anExceptionOfTheProgress_endsTheProfilingAtOnce() {
    int[] forwards = new int[1];
    Profiler.Progress stop =
        (target, draft, done, total) -> {
          forwards[0]++;
          throw new IllegalStateException("stop");
        };
    Profiler profiler =
        new Profiler(
            executor, new SchedulerConfig(4, 256, 300), BLOCKS, BLOCK_SIZE, true, clock::nanos);

    assertThatThrownBy(() -> profiler.measure(KEY, "", true, stop)).hasMessage("stop");
    assertThat(forwards[0]).isEqualTo(1);
  }
}
