package io.adaspec.engine.exec;

import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.Scheduler;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Measures a deployment with real forwards on a grid of new tokens × context per token, those of
/// target and draft in the order of serving ([ProfiledStep]).
///
/// Up to `maxBatch` new tokens are one token of as many requests; more are several tokens of each.
/// Beside those, chains are measured: several tokens of each of a few requests, which read their
/// request's cache once. The requests hold cache blocks as real ones do; what the cache contains
/// does not matter for its speed.
///
/// The forwards keep to a time budget, within what one of them may exceed its estimate: points that
/// would not fit are skipped, the largest first, and the others repeated less often. Both axes grow
/// together: a profile that was cut off still spans the batch sizes, at short contexts. The
/// smallest points are always measured, so that every profile can predict.
///
/// A forward is over when the executor returns, its scores on the host; so the times are a GPU's,
/// too.
public final class Profiler {
  private static final int[] NEW_TOKENS = {
    1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024
  };

  /// Requests of the chains, and tokens of each.
  private static final int[] CHAINS = {1, 4, 16, 64, 256};

  private static final int[] CHAIN_TOKENS = {2, 4, 8, 16, 64};

  /// Tokens of the largest chains, per request of the largest batch.
  private static final int CHAINS_PER_REQUEST = 4;

  private static final int[] CONTEXTS = {1, 128, 256, 512, 1024, 2048, 4096};
  private static final int WARM_UP = 2;
  private static final int REPETITIONS = 9;
  private static final int FEWEST_REPETITIONS = 3;
  private static final int OVERHEAD_REPETITIONS = 60;

  /// Told how the profiling goes; an exception ends it.
  public interface Progress {
    /// After every repetition of a grid point.
    ///
    /// @param target with the median so far
    /// @param draft likewise; empty without a draft
    void measured(
        LatencyTable.Point target, Optional<LatencyTable.Point> draft, int done, int total);

    /// Once, before the repetitions, where the budget does not suffice for the whole grid.
    ///
    /// @param skipped grid points that are not measured
    /// @param all grid points
    default void skipped(int skipped, int all) {}
  }

  private final Executor executor;
  private final SchedulerConfig limits;
  private final int blocks;
  private final int blockSize;
  private final boolean chains;
  private final LongSupplier clock;

  /// @param blocks of the executor's caches, at least enough for one full context
  /// @param chains false where tokens take the same time whosever they are
  /// @param clock monotone nanoseconds
  public Profiler(
      Executor executor,
      SchedulerConfig limits,
      int blocks,
      int blockSize,
      boolean chains,
      LongSupplier clock) {
    this.executor = executor;
    this.limits = limits;
    this.blocks = blocks;
    this.blockSize = blockSize;
    this.chains = chains;
    this.clock = clock;
  }

  /// Measures the whole grid, however long it takes.
  ///
  /// @param withDraft whether the executor has a draft model
  public LatencyProfile measure(
      LatencyProfile.Key key, String measuredAt, boolean withDraft, Progress progress) {
    return measure(key, measuredAt, withDraft, Long.MAX_VALUE, progress);
  }

  /// Measures what of the grid fits into `budgetNanos`.
  ///
  /// @param withDraft whether the executor has a draft model
  public LatencyProfile measure(
      LatencyProfile.Key key,
      String measuredAt,
      boolean withDraft,
      long budgetNanos,
      Progress progress) {
    Budget budget = new Budget(clock.getAsLong(), budgetNanos);
    List<ProfiledStep> grid = grid(withDraft);
    List<ProfiledStep> affordable = warmUp(grid, budget, progress);
    if (affordable.size() < grid.size()) {
      progress.skipped(grid.size() - affordable.size(), grid.size());
    }
    int rounds = rounds(affordable, budget);
    int total = affordable.size() * (WARM_UP + rounds);
    // Round by round: a disturbance then slows one repetition of many points, not all of one.
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < affordable.size(); i++) {
        ProfiledStep point = affordable.get(i);
        point.measure(round, clock);
        int done = (WARM_UP + round) * affordable.size() + i + 1;
        progress.measured(point.target(round + 1), point.draft(round + 1), done, total);
      }
    }
    return new LatencyProfile(
        LatencyProfile.VERSION,
        key,
        measuredAt,
        affordable.stream().map(point -> point.target(rounds)).toList(),
        affordable.stream().flatMap(point -> point.draft(rounds).stream()).toList(),
        verifyOverhead(budget),
        withDraft ? draftOverhead(budget) : 0,
        withDraft ? firstDraft(affordable, rounds) : 0,
        List.of());
  }

  /// Median over the points with one new token: larger batches find less of the weights cached, and
  /// take long anyway.
  private static double firstDraft(List<ProfiledStep> measured, int rounds) {
    double[] nanos =
        measured.stream()
            .filter(point -> point.newTokens() == 1)
            .mapToDouble(point -> point.firstDraftNanos(rounds))
            .sorted()
            .toArray();
    return nanos[nanos.length / 2];
  }

  /// Runs every point that fits, from small to large.
  private List<ProfiledStep> warmUp(List<ProfiledStep> grid, Budget budget, Progress progress) {
    List<ProfiledStep> affordable = new ArrayList<>();
    List<ProfiledStep> skipped = new ArrayList<>();
    double committed = 0; // what repeating the affordable points will take
    for (ProfiledStep point : grid) {
      // At least as long as any smaller point.
      double estimate =
          affordable.stream()
              .filter(point::contains)
              .mapToDouble(smaller -> smaller.nanos(0))
              .max()
              .orElse(0);
      double needed = committed + (WARM_UP + FEWEST_REPETITIONS) * estimate;
      if (!isRequired(point)
          && (needed > budget.left(clock.getAsLong())
              || skipped.stream().anyMatch(point::contains))) {
        skipped.add(point);
        continue;
      }
      affordable.add(point);
      for (int i = 0; i < WARM_UP; i++) {
        point.measure(0, clock);
        progress.measured(
            point.target(1),
            point.draft(1),
            WARM_UP * (affordable.size() - 1) + i + 1,
            (grid.size() - skipped.size()) * (WARM_UP + REPETITIONS));
      }
      committed += FEWEST_REPETITIONS * point.nanos(0);
    }
    affordable.sort(
        Comparator.comparingInt(ProfiledStep::newTokens)
            .thenComparingInt(ProfiledStep::requests)
            .thenComparingInt(ProfiledStep::context));
    return affordable;
  }

  /// Points of a smaller shell are measured first; those that a point contains are in smaller ones.
  private static int shell(ProfiledStep point) {
    return Arrays.binarySearch(NEW_TOKENS, point.newTokens())
        + NEW_TOKENS.length / CONTEXTS.length * Arrays.binarySearch(CONTEXTS, point.context());
  }

  /// A latency table needs two batch sizes.
  private boolean isRequired(ProfiledStep point) {
    return point.context() == CONTEXTS[0]
        && point.newTokens() <= NEW_TOKENS[1]
        && point.perRequest() == Math.ceilDiv(point.newTokens(), limits.maxBatch());
  }

  private int rounds(List<ProfiledStep> affordable, Budget budget) {
    double round = affordable.stream().mapToDouble(point -> point.nanos(0)).sum();
    double fitting = budget.left(clock.getAsLong()) / Math.max(1, round);
    return (int) Math.clamp(fitting, FEWEST_REPETITIONS, REPETITIONS);
  }

  /// Time that may be spent.
  private record Budget(long startNanos, long nanos) {
    long left(long now) {
      return nanos - (now - startNanos);
    }
  }

  private List<ProfiledStep> grid(boolean withDraft) {
    List<ProfiledStep> grid = new ArrayList<>();
    for (int n : NEW_TOKENS) {
      int perRequest = Math.ceilDiv(n, limits.maxBatch());
      if (n % perRequest == 0 && n <= 16 * limits.maxBatch()) {
        add(grid, n / perRequest, perRequest, withDraft);
      }
    }
    for (int requests : chains ? CHAINS : new int[0]) {
      for (int perRequest : CHAIN_TOKENS) {
        if (requests < limits.maxBatch()
            && requests * perRequest <= CHAINS_PER_REQUEST * limits.maxBatch()) {
          add(grid, requests, perRequest, withDraft);
        }
      }
    }
    grid.sort(Comparator.comparingInt(Profiler::shell));
    return grid;
  }

  private void add(List<ProfiledStep> grid, int requests, int perRequest, boolean withDraft) {
    for (int context : CONTEXTS) {
      if (context + perRequest <= limits.maxContext()
          && context + perRequest <= blocks * blockSize) {
        ProfiledStep verification = verification(requests, perRequest, context);
        grid.add(withDraft ? drafting(verification) : verification);
      }
    }
  }

  private ProfiledStep verification(int requests, int perRequest, int context) {
    StepPlan plan = plan(requests, context, 1, perRequest - 1);
    DraftBatch drafts = new DraftBatch();
    drafts.begin(plan.batch());
    for (int i = 0; i < drafts.size(); i++) {
      for (int node = 0; node < perRequest - 1; node++) {
        drafts.proposal(i).add(node, 0, 1);
      }
    }
    VerificationPlan kept = new VerificationPlan(drafts);
    return new ProfiledStep(
        requests,
        perRequest,
        context,
        REPETITIONS,
        () -> executor.verify(plan, kept),
        kept.contextTokens(plan.batch()));
  }

  private ProfiledStep drafting(ProfiledStep verification) {
    int perRequest = verification.perRequest();
    StepPlan plan =
        plan(verification.requests(), verification.context() + perRequest - 1, perRequest, 1);
    DraftBatch drafts = new DraftBatch();
    ask(plan, drafts);
    return verification.withDraft(
        () -> {
          ask(plan, drafts);
          executor.draft(plan, drafts);
        },
        drafts.forwardContext(plan.batch()));
  }

  private static void ask(StepPlan plan, DraftBatch drafts) {
    drafts.begin(plan.batch());
    for (int i = 0; i < drafts.size(); i++) {
      drafts.expand(i, 0, 1);
    }
  }

  /// `requests` decoding sequences of `context` cached tokens, of which the draft misses the last
  /// `lag - 1`.
  private StepPlan plan(int requests, int context, int lag, int maxNodes) {
    Sequence[] decodes = new Sequence[requests];
    RequestView[] views = new RequestView[requests];
    int nextBlock = 0;
    for (int i = 0; i < requests; i++) {
      Sequence sequence = new Sequence(request(i, context + 1));
      sequence.enter(Sequence.Phase.DECODE);
      sequence.computed(context);
      sequence.draftComputed(context + 1 - lag);
      for (int cell = 0; cell < context + 1 + maxNodes; cell += blockSize) {
        sequence.blocks().push(nextBlock++ % blocks);
      }
      decodes[i] = sequence;
      views[i] =
          new RequestView(
              i, sequence, context, lag, maxNodes, maxNodes, 1, Slo.UNCONSTRAINED, 0, 0);
    }
    return new StepPlan(new BatchView(0, 0, views, 0, 0, 0, 0), decodes, List.of(), 0);
  }

  private static Request request(long id, int promptTokens) {
    return new Request(
        id, new int[promptTokens], 64, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0);
  }

  /// `o_v`: what a step of one decoding request costs beside the forward.
  private double verifyOverhead(Budget budget) {
    BlockManager manager = new BlockManager(blocks, blockSize);
    Scheduler scheduler = new Scheduler(limits, manager, 0, executor.draftSharesCache());
    RejectionSampler sampler = new RejectionSampler(executor.vocabularySize(), new SeededDraws());
    DraftBatch drafts = new DraftBatch();
    scheduler.submit(request(0, 1));
    long[] nanos = new long[OVERHEAD_REPETITIONS];
    int done = 0;
    while (done < FEWEST_REPETITIONS || done < nanos.length && budget.left(clock.getAsLong()) > 0) {
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
      nanos[done++] = clock.getAsLong() - before - forward;
    }
    return ProfiledStep.median(Arrays.copyOf(nanos, done));
  }

  /// `o_d`: what setting up a draft of one request costs beside the forwards.
  private double draftOverhead(Budget budget) {
    StepPlan plan = plan(1, 1, 1, 1);
    DraftBatch drafts = new DraftBatch();
    long[] nanos = new long[OVERHEAD_REPETITIONS];
    int done = 0;
    while (done < FEWEST_REPETITIONS || done < nanos.length && budget.left(clock.getAsLong()) > 0) {
      long before = clock.getAsLong();
      drafts.begin(plan.batch());
      drafts.expand(0, 0, 1);
      long forward = clock.getAsLong();
      executor.draft(plan, drafts);
      forward = clock.getAsLong() - forward;
      drafts.kept();
      nanos[done++] = clock.getAsLong() - before - forward;
    }
    return ProfiledStep.median(Arrays.copyOf(nanos, done));
  }
}
