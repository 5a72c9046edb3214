package io.adaspec.engine.exec;

import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.ScheduledWork.Decode;
import io.adaspec.engine.sched.Scheduler;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/// Measures a deployment with real forwards on a grid of new tokens × context per token.
///
/// Up to `maxBatch` new tokens are one token of as many requests; more are several tokens of each.
/// The requests hold cache blocks as real ones do; what the cache contains does not matter for its
/// speed.
public final class Profiler {
  private static final int[] NEW_TOKENS = {
    1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024
  };
  private static final int[] CONTEXTS = {1, 128, 256, 512, 1024, 2048, 4096};
  private static final int WARM_UP = 2;
  private static final int REPETITIONS = 9;

  /// Told after every measured forward, with the median so far.
  public interface Progress {
    void measured(String model, LatencyTable.Point point, int done, int total);
  }

  private final Executor executor;
  private final SchedulerConfig limits;
  private final int blocks;
  private final int blockSize;
  private final LongSupplier clock;

  /// @param blocks of the executor's caches, at least enough for one full context
  /// @param clock monotone nanoseconds
  public Profiler(
      Executor executor, SchedulerConfig limits, int blocks, int blockSize, LongSupplier clock) {
    this.executor = executor;
    this.limits = limits;
    this.blocks = blocks;
    this.blockSize = blockSize;
    this.clock = clock;
  }

  /// Measures the whole grid; seconds to minutes.
  ///
  /// @param withDraft whether the executor has a draft model
  public LatencyProfile measure(
      LatencyProfile.Key key, String measuredAt, boolean withDraft, Progress progress) {
    List<Series> all = new ArrayList<>();
    for (int[] cell : grid()) {
      all.add(verifySeries(cell[0], cell[1]));
    }
    int targets = all.size();
    if (withDraft) {
      for (int[] cell : grid()) {
        all.add(draftSeries(cell[0], cell[1]));
      }
    }
    for (int i = 0; i < WARM_UP; i++) {
      all.forEach(Series::run);
    }
    // Round by round: a disturbance then slows one repetition of many points, not all of one.
    for (int round = 0; round < REPETITIONS; round++) {
      for (int i = 0; i < all.size(); i++) {
        Series series = all.get(i);
        series.measure(round);
        progress.measured(
            i < targets ? "target" : "draft",
            series.point(round + 1),
            round * all.size() + i + 1,
            REPETITIONS * all.size());
      }
    }
    List<LatencyTable.Point> points = all.stream().map(s -> s.point(REPETITIONS)).toList();
    List<LatencyTable.Point> verify = points.subList(0, targets);
    List<LatencyTable.Point> draft = points.subList(targets, points.size());
    return new LatencyProfile(
        LatencyProfile.VERSION,
        key,
        measuredAt,
        verify,
        draft,
        verifyOverhead(),
        withDraft ? draftOverhead() : 0,
        List.of());
  }

  /// Pairs of new tokens and context per token.
  private List<int[]> grid() {
    List<int[]> grid = new ArrayList<>();
    for (int n : NEW_TOKENS) {
      int perRequest = Math.ceilDiv(n, limits.maxBatch());
      if (n % perRequest != 0 || n > 16 * limits.maxBatch()) {
        continue;
      }
      for (int context : CONTEXTS) {
        if (context + perRequest <= limits.maxContext()
            && context + perRequest <= blocks * blockSize) {
          grid.add(new int[] {n, context});
        }
      }
    }
    return grid;
  }

  private Series verifySeries(int newTokens, int context) {
    int perRequest = Math.ceilDiv(newTokens, limits.maxBatch());
    StepPlan plan = plan(newTokens / perRequest, context, 1, perRequest - 1);
    DraftBatch drafts = new DraftBatch();
    drafts.begin(plan.batch());
    for (int i = 0; i < drafts.size(); i++) {
      for (int node = 0; node < perRequest - 1; node++) {
        drafts.proposal(i).add(node, 0, 1);
      }
    }
    VerificationPlan kept = new VerificationPlan(drafts);
    return new Series(
        newTokens, kept.contextTokens(plan.batch()), () -> executor.verify(plan, kept));
  }

  private Series draftSeries(int newTokens, int context) {
    int perRequest = Math.ceilDiv(newTokens, limits.maxBatch());
    StepPlan plan = plan(newTokens / perRequest, context + perRequest - 1, perRequest, 1);
    DraftBatch drafts = new DraftBatch();
    ask(plan, drafts);
    return new Series(
        newTokens,
        drafts.forwardContext(plan.batch()),
        () -> {
          ask(plan, drafts);
          executor.draft(plan, drafts);
        });
  }

  private static void ask(StepPlan plan, DraftBatch drafts) {
    drafts.begin(plan.batch());
    for (int i = 0; i < drafts.size(); i++) {
      drafts.expand(i, 0, 1);
    }
  }

  /// The repetitions of one grid point.
  private final class Series {
    private final int newTokens;
    private final long contextTokens;
    private final Runnable forward;
    private final long[] nanos = new long[REPETITIONS];

    Series(int newTokens, long contextTokens, Runnable forward) {
      this.newTokens = newTokens;
      this.contextTokens = contextTokens;
      this.forward = forward;
    }

    void run() {
      forward.run();
    }

    void measure(int round) {
      long before = clock.getAsLong();
      forward.run();
      nanos[round] = clock.getAsLong() - before;
    }

    /// The median of the first `rounds` repetitions.
    LatencyTable.Point point(int rounds) {
      return new LatencyTable.Point(newTokens, contextTokens, median(Arrays.copyOf(nanos, rounds)));
    }
  }

  /// `requests` decoding sequences of `context` cached tokens, of which the draft misses the last
  /// `lag - 1`.
  private StepPlan plan(int requests, int context, int lag, int maxNodes) {
    List<Decode> decodes = new ArrayList<>();
    List<RequestView> views = new ArrayList<>();
    int nextBlock = 0;
    for (int i = 0; i < requests; i++) {
      Sequence sequence = new Sequence(request(i, context + 1));
      sequence.enter(Sequence.Phase.DECODE);
      sequence.computed(context);
      sequence.draftComputed(context + 1 - lag);
      for (int cell = 0; cell < context + 1 + maxNodes; cell += blockSize) {
        sequence.blocks().push(nextBlock++ % blocks);
      }
      decodes.add(new Decode(sequence, maxNodes, maxNodes));
      views.add(
          new RequestView(
              i, sequence, context, lag, maxNodes, maxNodes, 1, Slo.UNCONSTRAINED, 0, 0));
    }
    return new StepPlan(new BatchView(0, 0, views, 0, 0, 0), decodes, List.of(), 0);
  }

  private static Request request(long id, int promptTokens) {
    return new Request(
        id, new int[promptTokens], 64, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0);
  }

  /// `o_v`: what a step of one decoding request costs beside the forward.
  private double verifyOverhead() {
    BlockManager manager = new BlockManager(blocks, blockSize);
    Scheduler scheduler = new Scheduler(limits, manager, 0, executor.draftSharesCache());
    RejectionSampler sampler = new RejectionSampler(executor.vocabularySize(), Draws::seeded);
    DraftBatch drafts = new DraftBatch();
    scheduler.submit(request(0, 1));
    long[] nanos = new long[60];
    for (int i = 0; i < nanos.length; i++) {
      long before = clock.getAsLong();
      StepPlan plan = scheduler.schedule(before);
      drafts.begin(plan.batch());
      VerificationPlan kept = new VerificationPlan(drafts);
      long forward = clock.getAsLong();
      TargetScores scores = executor.verify(plan, kept);
      forward = clock.getAsLong() - forward;
      scheduler.update(
          plan,
          kept,
          sampler.accept(plan, kept, scores),
          sampler.completePrompts(plan, kept, scores),
          before);
      nanos[i] = clock.getAsLong() - before - forward;
    }
    return median(nanos);
  }

  /// `o_d`: what setting up a draft of one request costs beside the forwards.
  private double draftOverhead() {
    StepPlan plan = plan(1, 1, 1, 1);
    DraftBatch drafts = new DraftBatch();
    long[] nanos = new long[60];
    for (int i = 0; i < nanos.length; i++) {
      long before = clock.getAsLong();
      drafts.begin(plan.batch());
      drafts.expand(0, 0, 1);
      long forward = clock.getAsLong();
      executor.draft(plan, drafts);
      forward = clock.getAsLong() - forward;
      drafts.kept();
      nanos[i] = clock.getAsLong() - before - forward;
    }
    return median(nanos);
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return Math.max(1, nanos[nanos.length / 2]);
  }
}
