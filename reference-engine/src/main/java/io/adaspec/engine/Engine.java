package io.adaspec.engine;

import io.adaspec.engine.exec.Draws;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.RejectionSampler;
import io.adaspec.engine.exec.SeededDraws;
import io.adaspec.engine.exec.TargetScores;
import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.Scheduler;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.sched.StepUpdate;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.StepOutcome;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The step loop: schedule, draft, prune, verify, accept, update, record. Single-threaded; whoever
/// drives it decides when to submit and when to step. Its only outputs are [StepRecord]s and
/// [TokenEvent]s.
public final class Engine {
  private final Executor executor;
  private final SpeculationPolicy policy;
  private final boolean draftHasCache;
  private final boolean recordDecisions;
  private final CostModel cost;
  private final Clock clock;
  private final Consumer<StepRecord> onStep;
  private final Consumer<TokenEvent> onToken;
  private final BlockManager blocks;
  private final Scheduler scheduler;
  private final RejectionSampler sampler;
  private final DraftBatch drafts = new DraftBatch();

  public Engine(
      EngineConfig config,
      Executor executor,
      PolicySpec policy,
      CostModel cost,
      Clock clock,
      Consumer<StepRecord> onStep,
      Consumer<TokenEvent> onToken) {
    this(config, executor, policy, cost, clock, new SeededDraws(), onStep, onToken);
  }

  /// @param draws the random choices of verification
  public Engine(
      EngineConfig config,
      Executor executor,
      PolicySpec policy,
      CostModel cost,
      Clock clock,
      Draws.Source draws,
      Consumer<StepRecord> onStep,
      Consumer<TokenEvent> onToken) {
    this.executor = executor;
    this.policy = policy.factory().create(cost);
    boolean sharedCache = executor.draftSharesCache();
    this.draftHasCache = policy.source() == PolicySpec.Source.DRAFT_MODEL && !sharedCache;
    this.recordDecisions = config.recordDecisions();
    this.cost = cost;
    this.clock = clock;
    this.onStep = onStep;
    this.onToken = onToken;
    this.blocks = new BlockManager(config.blocks(), config.blockSize());
    this.scheduler = new Scheduler(config.scheduler(), blocks, policy.maxNodes(), sharedCache);
    this.sampler = new RejectionSampler(executor.vocabularySize(), draws);
  }

  /// Queues a request; one that can never be served ends at once, with the reason.
  public void submit(Request request) {
    scheduler
        .submit(request)
        .ifPresent(
            cause ->
                onToken.accept(
                    new TokenEvent(
                        request.id(),
                        clock.nanos(),
                        new int[0],
                        new Finish(FinishReason.REJECTED, cause, RequestStats.NONE))));
  }

  /// Ends a request early; does nothing where it has ended already.
  public void cancel(long requestId) {
    scheduler.cancel(requestId, clock.nanos()).ifPresent(onToken);
  }

  public boolean hasWork() {
    return scheduler.hasWork();
  }

  /// Runs one step over whatever is queued and running; nothing, not even a record, where nothing
  /// is.
  public void step() {
    StepMeter meter = new StepMeter(clock);
    StepPlan plan = scheduler.schedule(meter.startNanos());
    if (plan.isEmpty()) {
      return;
    }
    int usedBlocks = blocks.usedBlocks();
    int running = scheduler.running();
    try {
      draft(plan, meter);
      VerificationPlan kept = prune(plan, meter);
      TargetScores scores = verify(plan, kept, meter);
      List<Acceptance> accepted = sampler.accept(plan, kept, scores);
      List<Acceptance> prefilled = sampler.completePrompts(plan, kept, scores);
      StepUpdate update = scheduler.update(plan, kept, accepted, prefilled, clock.nanos());
      update.emissions().forEach(onToken);
      meter.updated(update);
      executor.moveKv(update.moveFrom(), update.moveTo());
      observe(plan, accepted, meter);
      if (recordDecisions) {
        meter.decided(plan, drafts, accepted);
      }
    } catch (ExecutorException e) {
      meter.failed(e.getMessage());
      scheduler.fail(plan, e.getMessage(), clock.nanos()).forEach(onToken);
    }
    onStep.accept(meter.record(plan, usedBlocks, blocks.totalBlocks(), running));
  }

  /// Asks the policy before and after every draft forward.
  private void draft(StepPlan plan, StepMeter meter) {
    if (draftHasCache && !plan.prefills().isEmpty() && policy.prefillsDraft(plan.batch())) {
      prefillDraft(plan.prefills().stream().map(PrefillChunk::forDraft).toList(), meter);
    }
    drafts.begin(plan.batch());
    if (drafts.size() == 0) {
      return;
    }
    meter.timePolicy(() -> policy.grow(plan.batch(), drafts));
    if (drafts.catchUps() > 0) {
      prefillDraft(catchUps(plan), meter);
    }
    while (drafts.expansions() > 0) {
      int tokens = drafts.forwardTokens(plan.batch());
      double predicted =
          (drafts.forwards() == 0 ? cost.firstDraftNanos() : 0)
              + cost.draftNanos(
                  drafts.forwardRequests(), tokens, drafts.forwardContext(plan.batch()));
      meter.timeDraft(tokens, predicted, () -> executor.draft(plan, drafts));
      meter.drafted(drafts.drafted(), 0); // all there is, should a later forward fail
      meter.timePolicy(() -> policy.grow(plan.batch(), drafts));
    }
  }

  private List<PrefillChunk> catchUps(StepPlan plan) {
    List<PrefillChunk> chunks = new ArrayList<>(drafts.catchUps());
    for (int c = 0; c < drafts.catchUps(); c++) {
      Sequence sequence = plan.decodes()[drafts.catchUpRequest(c)];
      chunks.add(new PrefillChunk(sequence, sequence.draftComputed(), drafts.catchUpTokens(c)));
    }
    return chunks;
  }

  private void prefillDraft(List<PrefillChunk> chunks, StepMeter meter) {
    meter.timePrefillDraft(() -> executor.prefillDraft(chunks));
    scheduler.draftPrefilled(chunks);
  }

  private VerificationPlan prune(StepPlan plan, StepMeter meter) {
    if (drafts.drafted() > 0) {
      meter.timePolicy(() -> policy.prune(plan.batch(), drafts));
    }
    return new VerificationPlan(drafts);
  }

  private TargetScores verify(StepPlan plan, VerificationPlan kept, StepMeter meter) {
    int tokens = kept.rows() + plan.batch().prefillTokens();
    long context = kept.contextTokens(plan.batch()) + plan.batch().prefillContext();
    meter.drafted(drafts.drafted(), drafts.kept());
    int requests = plan.batch().size() + plan.batch().prefills();
    double predicted = cost.verifyNanos(requests, tokens, context);
    return meter.timeVerify(tokens, context, predicted, () -> executor.verify(plan, kept));
  }

  private void observe(StepPlan plan, List<Acceptance> accepted, StepMeter meter) {
    if (meter.draftNanos() > 0) {
      cost.observeDraft(meter.predictedDraftNanos(), meter.draftNanos());
    }
    cost.observeVerify(meter.predictedVerifyNanos(), meter.verifyNanos());
    if (drafts.size() > 0) {
      StepOutcome outcome =
          new StepOutcome(plan.batch(), drafts, accepted, meter.draftNanos(), meter.verifyNanos());
      meter.timePolicy(() -> policy.observe(outcome));
    }
  }

  /// Checks that no request and no cache block is lost. For tests.
  ///
  /// @throws IllegalStateException naming what is lost
  public void checkIntegrity() {
    scheduler.checkIntegrity();
  }
}
