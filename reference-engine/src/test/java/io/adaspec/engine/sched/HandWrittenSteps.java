package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A scheduler whose results are written by hand: no executor, no model.
abstract class HandWrittenSteps {
  static final int BLOCK_SIZE = 4;

  /// What every request emits unless a test says otherwise.
  static final int TOKEN = 7;

  static final int STOP = 9;

  BlockManager blocks;
  Scheduler scheduler;
  private final DraftBatch drafts = new DraftBatch();
  long now = 100;

  void given(int maxBatch, int maxBatchTokens, int blockCount, int maxNodes) {
    blocks = new BlockManager(blockCount, BLOCK_SIZE);
    scheduler =
        new Scheduler(new SchedulerConfig(maxBatch, maxBatchTokens, 64), blocks, maxNodes, false);
  }

  static Request request(long id, int promptTokens, int maxNewTokens) {
    return new Request(
        id,
        new int[promptTokens],
        maxNewTokens,
        new int[] {STOP},
        SamplingParams.GREEDY,
        Slo.UNCONSTRAINED,
        0);
  }

  void submit(long id, int promptTokens, int maxNewTokens) {
    assertThat(scheduler.submit(request(id, promptTokens, maxNewTokens))).isEmpty();
  }

  /// Submits and prefills, so that the next plan decodes it.
  void decoding(long id, int promptTokens, int maxNewTokens) {
    submit(id, promptTokens, maxNewTokens);
    Step step = step();
    assertThat(prefilled(step.plan())).containsExactly(id);
    assertThat(step.emission(id).finish()).isNull();
  }

  /// Submits and prefills two requests in the same step.
  void bothDecoding(Request older, Request younger) {
    assertThat(scheduler.submit(older)).isEmpty();
    assertThat(scheduler.submit(younger)).isEmpty();
    assertThat(prefilled(step().plan())).containsExactly(older.id(), younger.id());
  }

  record Step(StepPlan plan, StepUpdate update) {
    TokenEvent emission(long requestId) {
      return update.emissions().stream()
          .filter(emission -> emission.requestId() == requestId)
          .findFirst()
          .orElseThrow();
    }
  }

  /// A step in which nothing is drafted and every request emits [#TOKEN].
  Step step() {
    return step(batch -> {}, List.of());
  }

  /// @param propose adds draft tokens
  /// @param verdicts on the first decodes of the plan; the others accept nothing and emit [#TOKEN]
  Step step(Consumer<DraftBatch> propose, List<Acceptance> verdicts) {
    StepPlan plan = scheduler.schedule(now);
    scheduler.checkIntegrity();
    scheduler.draftPrefilled(plan.prefills());
    drafts.begin(plan.batch());
    propose.accept(drafts);
    List<Acceptance> decoded = new ArrayList<>(verdicts);
    while (decoded.size() < plan.decodes().length) {
      decoded.add(emits(TOKEN));
    }
    List<Acceptance> prefilled = new ArrayList<>();
    for (PrefillChunk chunk : plan.prefills()) {
      prefilled.add(chunk.last() ? emits(TOKEN) : null);
    }
    now += 10;
    StepUpdate update =
        scheduler.update(plan, new VerificationPlan(drafts), decoded, prefilled, now);
    scheduler.checkIntegrity();
    return new Step(plan, update);
  }

  /// @param counts in the order of the record's components, `outputTokens` first
  static void assertCounts(RequestStats stats, int... counts) {
    assertThat(
            new int[] {
              stats.outputTokens(),
              stats.drafted(),
              stats.verified(),
              stats.accepted(),
              stats.decodeSteps(),
              stats.speculativeSteps(),
              stats.preemptions()
            })
        .containsExactly(counts);
  }

  static Acceptance emits(int... tokens) {
    return new Acceptance(new int[0], tokens);
  }

  /// Runs the pending expansions: children get the tokens 20, 21, …
  static void draftForward(DraftBatch drafts) {
    int token = 20;
    for (int e = 0; e < drafts.expansions(); e++) {
      for (int child = 0; child < drafts.expansionWidth(e); child++) {
        drafts.proposal(drafts.expansionRequest(e)).add(drafts.expansionNode(e), token++, 0.5f);
      }
    }
    drafts.forwardDone();
  }

  static void chain(DraftBatch drafts, int length) {
    for (int depth = 0; depth < length; depth++) {
      drafts.expand(0, depth, 1);
      draftForward(drafts);
    }
  }

  static long id(Sequence sequence) {
    return sequence.request().id();
  }

  static List<Long> decoded(StepPlan plan) {
    return Arrays.stream(plan.decodes()).map(HandWrittenSteps::id).toList();
  }

  static List<Long> prefilled(StepPlan plan) {
    return plan.prefills().stream().map(chunk -> id(chunk.sequence())).toList();
  }
}
