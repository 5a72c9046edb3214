package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.kv.BlockManager;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.sched.ScheduledWork.PrefillChunk;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Results are written by hand: no executor, no model.
class SchedulerTest {
  private static final int BLOCK_SIZE = 4;

  /// What every request emits unless a test says otherwise.
  private static final int TOKEN = 7;

  private static final int STOP = 9;

  private BlockManager blocks;
  private Scheduler scheduler;
  private final DraftBatch drafts = new DraftBatch();
  private long now = 100;

  private void given(int maxBatch, int maxBatchTokens, int blockCount, int maxNodes) {
    blocks = new BlockManager(blockCount, BLOCK_SIZE);
    scheduler = new Scheduler(new SchedulerConfig(maxBatch, maxBatchTokens, 64), blocks, maxNodes);
  }

  private static Request request(long id, int promptTokens, int maxNewTokens) {
    return new Request(
        id,
        new int[promptTokens],
        maxNewTokens,
        new int[] {STOP},
        SamplingParams.GREEDY,
        Slo.UNCONSTRAINED,
        0);
  }

  private void submit(long id, int promptTokens, int maxNewTokens) {
    assertThat(scheduler.submit(request(id, promptTokens, maxNewTokens))).isEmpty();
  }

  /// Submits and prefills, so that the next plan decodes it.
  private void decoding(long id, int promptTokens, int maxNewTokens) {
    submit(id, promptTokens, maxNewTokens);
    Step step = step();
    assertThat(prefilled(step.plan())).containsExactly(id);
    assertThat(step.emission(id).finish()).isNull();
  }

  /// Submits and prefills two requests in the same step.
  private void bothDecoding(Request older, Request younger) {
    assertThat(scheduler.submit(older)).isEmpty();
    assertThat(scheduler.submit(younger)).isEmpty();
    assertThat(prefilled(step().plan())).containsExactly(older.id(), younger.id());
  }

  private record Step(StepPlan plan, StepUpdate update) {
    Emission emission(long requestId) {
      return update.emissions().stream()
          .filter(emission -> emission.requestId() == requestId)
          .findFirst()
          .orElseThrow();
    }
  }

  /// A step in which nothing is drafted and every request emits [#TOKEN].
  private Step step() {
    return step(batch -> {}, List.of());
  }

  /// @param propose adds draft tokens
  /// @param verdicts on the first decodes of the plan; the others accept nothing and emit [#TOKEN]
  private Step step(Consumer<DraftBatch> propose, List<Acceptance> verdicts) {
    StepPlan plan = scheduler.schedule(now);
    scheduler.checkIntegrity();
    scheduler.draftPrefilled(plan);
    drafts.begin(plan.batch());
    propose.accept(drafts);
    List<Acceptance> decoded = new ArrayList<>(verdicts);
    while (decoded.size() < plan.decodes().size()) {
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
  private static void assertCounts(RequestStats stats, int... counts) {
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

  private static Acceptance emits(int... tokens) {
    return new Acceptance(new int[0], tokens);
  }

  /// Runs the pending expansions: children get the tokens 20, 21, …
  private static void draftForward(DraftBatch drafts) {
    int token = 20;
    for (int e = 0; e < drafts.expansions(); e++) {
      for (int child = 0; child < drafts.expansionWidth(e); child++) {
        drafts.proposal(drafts.expansionRequest(e)).add(drafts.expansionNode(e), token++, 0.5f);
      }
    }
    drafts.forwardDone();
  }

  private static void chain(DraftBatch drafts, int length) {
    for (int depth = 0; depth < length; depth++) {
      drafts.expand(0, depth, 1);
      draftForward(drafts);
    }
  }

  private static long id(Sequence sequence) {
    return sequence.request().id();
  }

  private static List<Long> decoded(StepPlan plan) {
    return plan.decodes().stream().map(decode -> id(decode.sequence())).toList();
  }

  private static List<Long> prefilled(StepPlan plan) {
    return plan.prefills().stream().map(chunk -> id(chunk.sequence())).toList();
  }

  // Admission

  @Test
  void requestsAreAdmittedInOrderOfSubmission_upToTheMaximumBatch() {
    given(2, 64, 16, 0);
    submit(5, 3, 4);
    submit(3, 3, 4);
    submit(4, 3, 4);

    StepPlan plan = step().plan();

    assertThat(prefilled(plan)).containsExactly(5L, 3L);
    assertThat(plan.batch().waiting()).isEqualTo(1);
    assertThat(scheduler.running()).isEqualTo(2);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void aPlaceInTheBatchIsFreeOnceARequestEnds() {
    given(1, 64, 16, 0);
    submit(0, 3, 1);
    submit(1, 3, 1);

    assertThat(prefilled(step().plan())).containsExactly(0L);
    assertThat(prefilled(step().plan())).containsExactly(1L);
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void aRequestThatHasToWaitForBlocks_isNotOvertaken() {
    given(8, 64, 4, 0);
    decoding(0, 8, 4);
    submit(1, 12, 2);
    submit(2, 1, 2);

    StepPlan plan = step().plan();

    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(scheduler.waiting()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 'needs at least 1 prompt and 1 output token: 0, 4'",
    "4, 0, 'needs at least 1 prompt and 1 output token: 4, 0'",
    "60, 5, 'prompt 60 + output 5 tokens exceed the context of 64'",
    "4, 2147483647, 'prompt 4 + output 2147483647 tokens exceed the context of 64'",
    "40, 10, 'needs 13 KV cache blocks, there are 8'",
    "31, 3, 'needs 9 KV cache blocks, there are 8'",
  })
  void whatCanNeverBeServed_isRefusedWithItsValues(int prompt, int output, String reason) {
    given(8, 64, 8, 0);

    assertThat(scheduler.submit(request(0, prompt, output))).contains(reason);
    assertThat(scheduler.hasWork()).isFalse();
  }

  /// The last emitted token is never fed back, so it needs no cell: 33 tokens fit into 32 cells.
  @Test
  void aRequestThatJustFits_isServedToItsEnd() {
    given(8, 64, 8, 0);
    decoding(0, 31, 2);

    Step last = step();

    assertThat(last.plan().batch().request(0).contextTokens()).isEqualTo(31);
    assertThat(last.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void anIdInUseIsRefused_andFreeAgainAfterTheEnd() {
    given(8, 64, 8, 0);
    submit(0, 3, 1);

    assertThat(scheduler.submit(request(0, 3, 1))).contains("request id 0 is in use");
    assertThat(scheduler.waiting()).isEqualTo(1);
    step();
    submit(0, 3, 1);
  }

  // Prefill

  @Test
  void aPromptIsPrefilledInChunksOfTheTokenBudget_andEmitsWithTheLast() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    Step first = step();
    Step second = step();
    Step third = step();

    Sequence sequence = first.plan().prefills().getFirst().sequence();
    assertThat(first.plan().prefills()).containsExactly(new PrefillChunk(sequence, 0, 4));
    assertThat(second.plan().prefills()).containsExactly(new PrefillChunk(sequence, 4, 4));
    assertThat(third.plan().prefills()).containsExactly(new PrefillChunk(sequence, 8, 2));
    assertThat(first.update().emissions()).isEmpty();
    assertThat(second.update().emissions()).isEmpty();
    assertThat(third.emission(0).tokens()).containsExactly(TOKEN);
    assertThat(third.emission(0).finish()).isNull();
    assertThat(sequence.computed()).isEqualTo(10);
    assertThat(sequence.draftComputed()).isEqualTo(10);
    assertThat(sequence.length()).isEqualTo(11);
    assertThat(decoded(step().plan())).containsExactly(0L);
  }

  @Test
  void blocksForTheWholePromptAreHeldFromItsFirstChunkOn() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    step();

    assertThat(blocks.usedBlocks()).isEqualTo(3);
  }

  @Test
  void decodesTakeTheirPlaceInTheBudgetBeforePrefills() {
    given(2, 4, 8, 0);
    decoding(0, 3, 8);
    submit(1, 10, 4);

    StepPlan plan = step().plan();

    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).extracting(PrefillChunk::length).containsExactly(3);
    assertThat(plan.batch().prefillTokens()).isEqualTo(3);
  }

  @Test
  void startedPromptsContinueBeforeOthersStart() {
    given(4, 4, 16, 0);
    submit(0, 6, 4);
    submit(1, 6, 4);

    assertThat(prefilled(step().plan())).containsExactly(0L);
    StepPlan second = step().plan();

    assertThat(second.prefills()).extracting(PrefillChunk::start).containsExactly(4, 0);
    assertThat(second.prefills()).extracting(PrefillChunk::length).containsExactly(2, 2);
    assertThat(prefilled(second)).containsExactly(0L, 1L);
  }

  @Test
  void prefillContext_isWhatTheChunkReadsFromTheCache() {
    given(4, 4, 8, 0);
    submit(0, 10, 4);

    assertThat(step().plan().batch().prefillContext()).isEqualTo(0);
    assertThat(step().plan().batch().prefillContext()).isEqualTo(4);
    assertThat(step().plan().batch().prefillContext()).isEqualTo(8);
  }

  // Preemption

  @Test
  void twoDecodesShareTheLastBlock_youngestIsPreempted() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 6), request(1, 4, 6));
    Step shared = step();
    Sequence youngest = shared.plan().decodes().get(1).sequence();
    assertThat(blocks.freeBlocks()).isZero();
    assertThat(youngest.length()).isEqualTo(6);

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(youngest.phase()).isEqualTo(Sequence.Phase.WAITING);
    assertThat(youngest.computed()).isZero();
    assertThat(youngest.draftComputed()).isZero();
    assertThat(youngest.blocks().size()).isZero();
    assertThat(youngest.length()).isEqualTo(6);
    assertThat(youngest.stats().preemptions()).isEqualTo(1);
  }

  @Test
  void aPreemptedRequestIsRecomputedWithWhatItHadEmitted_andGoesOn() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 4), request(1, 4, 6));
    step();
    step();
    assertThat(scheduler.waiting()).isEqualTo(1);
    Step last = step();
    assertThat(last.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);

    Step resumed = step();

    PrefillChunk chunk = resumed.plan().prefills().getFirst();
    assertThat(chunk).isEqualTo(new PrefillChunk(chunk.sequence(), 0, 6));
    assertThat(resumed.emission(1).tokens()).containsExactly(TOKEN);
    assertThat(chunk.sequence().outputTokens()).isEqualTo(3);
    assertThat(chunk.sequence().computed()).isEqualTo(6);
    assertThat(decoded(step().plan())).containsExactly(1L);
  }

  /// Three requests share four blocks until 0 has taken those of 2 and then those of 1.
  @Test
  void thePreemptedWaitAtTheHead_inTheirOldOrder() {
    given(3, 64, 4, 0);
    submit(0, 4, 12);
    submit(1, 2, 8);
    submit(2, 2, 8);
    submit(3, 1, 1);
    for (int steps = 0; steps < 6; steps++) {
      step();
    }
    assertThat(scheduler.waiting()).isEqualTo(3);
    scheduler.cancel(0);

    assertThat(prefilled(step().plan())).containsExactly(1L, 2L);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void aStepThatPreempts_admitsNobody() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 4, 8), request(1, 8, 4));
    submit(2, 1, 1);

    StepPlan plan = scheduler.schedule(now);

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(blocks.freeBlocks()).isEqualTo(1);
  }

  @Test
  void aPromptBetweenItsChunks_isPreemptedLikeAnyOther() {
    given(2, 3, 3, 0);
    decoding(0, 3, 8);
    submit(1, 8, 2);
    assertThat(prefilled(step().plan())).containsExactly(1L);

    StepPlan plan = scheduler.schedule(now);

    assertThat(plan.preempted()).isEqualTo(1);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(plan.prefills()).isEmpty();
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  // Speculation

  @Test
  void roomForDraftTokens_isThePolicysMaximumAndTheOutputThatIsLeft() {
    given(4, 64, 16, 3);
    decoding(0, 3, 3);

    RequestView first = step().plan().batch().request(0);
    RequestView second = step().plan().batch().request(0);

    assertThat(first.maxNodes()).isEqualTo(3);
    assertThat(first.maxDepth()).isEqualTo(1);
    assertThat(second.maxNodes()).isZero();
    assertThat(second.maxDepth()).isZero();
  }

  @Test
  void draftTokensGetTheRestOfTheLastBlock_whenNoBlockIsFree() {
    given(4, 64, 4, 8);
    bothDecoding(request(0, 5, 8), request(1, 5, 8));

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isZero();
    assertThat(plan.decodes()).extracting(d -> d.maxNodes()).containsExactly(2, 2);
  }

  @Test
  void draftTokensGetWhatIsFree_oldestFirst() {
    given(4, 64, 5, 8);
    bothDecoding(request(0, 5, 12), request(1, 5, 12));

    StepPlan plan = step().plan();

    assertThat(plan.decodes()).extracting(d -> d.maxNodes()).containsExactly(6, 2);
  }

  @Test
  void draftTokensNeverPreempt() {
    given(4, 64, 4, 12);
    bothDecoding(request(0, 4, 12), request(1, 4, 12));

    StepPlan plan = step().plan();

    assertThat(plan.preempted()).isZero();
    assertThat(decoded(plan)).containsExactly(0L, 1L);
    assertThat(plan.decodes()).extracting(d -> d.maxNodes()).containsExactly(3, 3);
  }

  @Test
  void cellsOfRejectedTokensAreRolledBack() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    int before = blocks.usedBlocks();

    Step step = step(d -> chain(d, 8), List.of(emits(TOKEN)));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(before).isEqualTo(1);
    assertThat(sequence.computed()).isEqualTo(5);
    assertThat(blocks.usedBlocks()).isEqualTo(2);
    assertCounts(sequence.stats(), 2, 8, 8, 0, 1, 1, 0);
  }

  @Test
  void anAcceptedChainStaysWhereItIs() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 3), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(step.update().moveFrom()).isEmpty();
    assertThat(step.update().moveTo()).isEmpty();
    assertThat(step.emission(0).tokens()).containsExactly(20, 20, 5);
    assertThat(sequence.length()).isEqualTo(8);
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(blocks.usedBlocks()).isEqualTo(2);
    assertCounts(sequence.stats(), 4, 3, 3, 2, 1, 1, 0);
  }

  /// The root is token 4 in cell 4; the tree's nodes 1, 2, 3 lie in cells 5, 6, 7, their children
  /// 4, 5, 6 in cells 8, 9, 10. The path 3 → 6 has to move to the cells 5 and 6.
  @Test
  void anAcceptedTreePath_movesBehindTheRoot() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              d.expand(0, 0, 3);
              draftForward(d);
              d.expand(0, 1, 1);
              d.expand(0, 2, 1);
              d.expand(0, 3, 1);
              draftForward(d);
            },
            List.of(new Acceptance(new int[] {3, 6}, new int[] {22, 22, 5})));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    int second = BLOCK_SIZE * sequence.blocks().block(1);
    int third = lastFreedBlock();
    assertThat(step.update().moveFrom()).containsExactly(second + 3, third + 2);
    assertThat(step.update().moveTo()).containsExactly(second + 1, second + 2);
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(sequence.blocks().size()).isEqualTo(2);
  }

  /// The first slot of the block that would be reserved next: the one freed last.
  private int lastFreedBlock() {
    Sequence other = new Sequence(request(99, 1, 1));
    blocks.reserve(other, 1);
    int slot = other.blocks().slot(0, BLOCK_SIZE);
    blocks.release(other);
    return slot;
  }

  @Test
  void onlyTheNodesOffTheirPlaceMove() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              d.expand(0, 0, 2);
              draftForward(d);
              d.expand(0, 1, 1);
              draftForward(d);
            },
            List.of(new Acceptance(new int[] {1, 3}, new int[] {20, 20, 5})));

    int base = BLOCK_SIZE * step.plan().decodes().getFirst().sequence().blocks().block(1);
    assertThat(step.update().moveFrom()).containsExactly(base + 3);
    assertThat(step.update().moveTo()).containsExactly(base + 2);
  }

  // The draft's cache

  @Test
  void withoutSpeculation_theDraftFallsBehindByAStepsTokens() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(1);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(2);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(3);
  }

  @Test
  void aDraftForwardCatchesUp_whateverTheVerdict() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    step();
    step();

    Step step = step(d -> chain(d, 1), List.of(emits(TOKEN)));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(step.plan().batch().request(0).draftLag()).isEqualTo(3);
    assertThat(sequence.draftComputed()).isEqualTo(7);
    assertThat(sequence.length()).isEqualTo(8);
  }

  @Test
  void theLastAcceptedTokenOfAFullyAcceptedChain_isNotInTheDraftsCache() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(sequence.computed()).isEqualTo(7);
    assertThat(sequence.draftComputed()).isEqualTo(6);
    assertThat(step().plan().batch().request(0).draftLag()).isEqualTo(2);
  }

  /// Nodes 1 and 2 below the root; 1 → 3 → 4 was expanded to its end but for 4, 2 never.
  @ParameterizedTest
  @CsvSource({"'2', 5", "'1', 6", "'1,3', 7", "'1,3,4', 7"})
  void ofAnAcceptedPath_theDraftHasTheExpandedNodes(String accepted, int draftComputed) {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);
    int[] path = List.of(accepted.split(",")).stream().mapToInt(Integer::parseInt).toArray();
    int[] tokens = new int[path.length + 1];

    Step step =
        step(
            d -> {
              d.expand(0, 0, 2);
              draftForward(d);
              d.expand(0, 1, 1);
              draftForward(d);
              d.expand(0, 3, 1);
              draftForward(d);
            },
            List.of(new Acceptance(path, tokens)));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(sequence.draftComputed()).isEqualTo(draftComputed);
    assertThat(sequence.computed()).isEqualTo(5 + path.length);
  }

  @Test
  void tokensThatThePolicyProposedItself_areNotInTheDraftsCache() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> d.proposal(0).add(0, 20, 1),
            List.of(new Acceptance(new int[] {1}, new int[] {20, 5})));

    Sequence sequence = step.plan().decodes().getFirst().sequence();
    assertThat(sequence.computed()).isEqualTo(6);
    assertThat(sequence.draftComputed()).isEqualTo(4);
  }

  @Test
  void prunedTokensCountAsDraftedAndNotAsVerified() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(
            d -> {
              chain(d, 5);
              d.proposal(0).drop(3);
            },
            List.of(new Acceptance(new int[] {1}, new int[] {20, 5})));

    assertCounts(step.plan().decodes().getFirst().sequence().stats(), 3, 5, 2, 1, 1, 1, 0);
  }

  // Ends

  @Test
  void theLastTokenOfTheOutputEndsTheRequest() {
    given(4, 64, 16, 8);
    decoding(0, 4, 4);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, 20, 5})));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.LENGTH);
    assertCounts(step.emission(0).finish().stats(), 4, 2, 2, 2, 1, 1, 0);
    assertThat(blocks.usedBlocks()).isZero();
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void aStopTokenEndsTheRequest_asTheLastOfAnAcceptedPath() {
    given(4, 64, 16, 8);
    decoding(0, 4, 20);

    Step step =
        step(d -> chain(d, 2), List.of(new Acceptance(new int[] {1, 2}, new int[] {20, STOP})));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.STOP);
    assertThat(step.emission(0).tokens()).containsExactly(20, STOP);
    assertThat(blocks.usedBlocks()).isZero();
  }

  @Test
  void aStopTokenInTheLastPlace_isAStop() {
    given(4, 64, 16, 8);
    decoding(0, 4, 2);

    Step step = step(d -> {}, List.of(emits(STOP)));

    assertThat(step.emission(0).finish().reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theFirstTokensTimeIsKept() {
    given(4, 64, 16, 8);
    decoding(0, 4, 8);
    long first = now;

    step();

    assertThat(step().plan().batch().request(0).firstTokenNanos()).isEqualTo(first);
  }

  @Test
  void aRequestIsCancelledWhileItWaits() {
    given(1, 64, 16, 0);
    decoding(0, 4, 8);
    submit(1, 4, 8);

    Optional<Emission> end = scheduler.cancel(1);

    assertThat(end.orElseThrow().finish().reason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(end.orElseThrow().tokens()).isEmpty();
    assertThat(scheduler.waiting()).isZero();
    scheduler.checkIntegrity();
    assertThat(decoded(step().plan())).containsExactly(0L);
  }

  @Test
  void aRequestIsCancelledBetweenTwoChunksOfItsPrompt() {
    given(4, 4, 16, 0);
    submit(0, 10, 8);
    step();

    assertThat(scheduler.cancel(0)).isPresent();

    assertThat(blocks.usedBlocks()).isZero();
    assertThat(scheduler.hasWork()).isFalse();
    scheduler.checkIntegrity();
  }

  @Test
  void aRequestIsCancelledWhileItDecodes_withWhatItHasUsed() {
    given(4, 64, 16, 0);
    decoding(0, 4, 8);
    step();

    Emission end = scheduler.cancel(0).orElseThrow();

    assertCounts(end.finish().stats(), 2, 0, 0, 0, 1, 0, 0);
    assertThat(blocks.usedBlocks()).isZero();
    scheduler.checkIntegrity();
  }

  @Test
  void aPreemptedRequestIsCancelledWhileItWaitsAgain() {
    given(4, 64, 3, 0);
    bothDecoding(request(0, 3, 6), request(1, 4, 6));
    step();
    step();
    assertThat(scheduler.waiting()).isEqualTo(1);

    Emission end = scheduler.cancel(1).orElseThrow();

    assertThat(end.finish().stats().preemptions()).isEqualTo(1);
    assertThat(end.finish().stats().outputTokens()).isEqualTo(2);
    scheduler.checkIntegrity();
    assertThat(prefilled(step().plan())).isEmpty();
  }

  @Test
  void cancellingWhatIsNotThere_doesNothing() {
    given(4, 64, 16, 0);
    decoding(0, 4, 2);
    step();

    assertThat(scheduler.cancel(0)).isEmpty();
    assertThat(scheduler.cancel(17)).isEmpty();
  }

  @Test
  void aFailedStepEndsItsOwnRequests_andNoOthers() {
    given(2, 64, 16, 0);
    decoding(0, 4, 8);
    submit(1, 4, 8);
    submit(2, 4, 8);
    StepPlan plan = scheduler.schedule(now);
    assertThat(decoded(plan)).containsExactly(0L);
    assertThat(prefilled(plan)).containsExactly(1L);

    List<Emission> ends = scheduler.fail(plan, "out of memory");

    assertThat(ends).extracting(Emission::requestId).containsExactly(0L, 1L);
    assertThat(ends)
        .extracting(emission -> emission.finish().reason())
        .containsOnly(FinishReason.FAILED);
    assertThat(ends)
        .extracting(emission -> emission.finish().detail())
        .containsOnly("out of memory");
    scheduler.checkIntegrity();
    assertThat(prefilled(step().plan())).containsExactly(2L);
  }

  @Test
  void aStepThatFailsAfterItsVerdicts_leavesTheFinishedFinished() {
    given(2, 64, 16, 0);
    decoding(0, 4, 2);
    submit(1, 4, 8);
    StepPlan plan = step().plan();

    assertThat(scheduler.fail(plan, "move failed"))
        .extracting(Emission::requestId)
        .containsExactly(1L);
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void integrityCheck_noticesALostBlock() {
    given(2, 64, 16, 0);
    decoding(0, 4, 8);
    scheduler.schedule(now).decodes().getFirst().sequence().blocks().pop();

    assertThatThrownBy(scheduler::checkIntegrity).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlanIsEmptyWithoutRequests() {
    given(2, 64, 16, 0);

    assertThat(scheduler.schedule(now).isEmpty()).isTrue();
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void stepsAreNumberedFromZero() {
    given(2, 64, 16, 0);
    submit(0, 4, 8);

    assertThat(step().plan().batch().step()).isZero();
    assertThat(step().plan().batch().step()).isEqualTo(1);
    assertThat(scheduler.schedule(555).batch().nowNanos()).isEqualTo(555);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 64, 'max batch must be >= 1: 0'",
    "8, 7, 64, 'max batch tokens must be >= max batch 8: 7'",
    "8, 8, 1, 'max context must be >= 2: 1'",
  })
  void limitsMustMakeSense(int maxBatch, int maxBatchTokens, int maxContext, String complaint) {
    assertThatThrownBy(() -> new SchedulerConfig(maxBatch, maxBatchTokens, maxContext))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(complaint);
  }
}
