package io.adaspec.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Decision;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.exec.ToyExecutor;
import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.request.FinishReason;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The step loop's own duties: what it records, emits and survives.
class EngineTest {
  private static final int VOCABULARY = 20;

  private final Clock.Virtual clock = new Clock.Virtual();
  private final List<StepRecord> steps = new ArrayList<>();
  private final List<TokenEvent> events = new ArrayList<>();
  private int forwards;
  private int failingForward = -1;
  private EngineConfig config = new EngineConfig(new SchedulerConfig(4, 16, 128), 64, 4);

  /// Every forward takes 100 ns; target and draft are the same model, so that greedy drafts are
  /// accepted.
  private Engine engine(String policy) {
    return engine(Policies.parse(policy));
  }

  private Engine engine(PolicySpec policy) {
    ToyModel model = ToyModel.random(VOCABULARY, 2, 2, 3);
    ToyExecutor executor =
        new ToyExecutor(VOCABULARY, model, model, 64, 4, null)
            .beforeForward(
                () -> {
                  clock.advance(100);
                  if (++forwards == failingForward) {
                    throw new ExecutorException("out of memory", null);
                  }
                });
    return new Engine(config, executor, policy, ToyEngine.COST, clock, steps::add, events::add);
  }

  private static Request request(long id, int prompt, int maxNewTokens) {
    return new Request(
        id, new int[prompt], maxNewTokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0);
  }

  @Test
  void anIdleStep_runsNothing() {
    Engine engine = engine("fixed:2");

    engine.step();

    assertThat(forwards).isZero();
    assertThat(steps).isEmpty();
    assertThat(events).isEmpty();
  }

  /// Prefill of draft and target, two draft forwards and a verification, at 100 ns each.
  @Test
  void aStepsFacts_areRecorded() {
    Engine engine = engine("fixed:2");
    engine.submit(request(7, 5, 4));
    engine.step();
    engine.step();

    StepRecord prefill = steps.get(0);
    assertThat(prefill.step()).isZero();
    assertThat(prefill.startNanos()).isZero();
    assertThat(prefill.batch()).isZero();
    assertThat(prefill.prefills()).isEqualTo(1);
    assertThat(prefill.prefillTokens()).isEqualTo(5);
    assertThat(prefill.verifyTokens()).isEqualTo(5);
    assertThat(prefill.contextTokens()).isEqualTo(0);
    assertThat(prefill.prefillDraftNanos()).isEqualTo(100);
    assertThat(prefill.verifyNanos()).isEqualTo(100);
    assertThat(prefill.totalNanos()).isEqualTo(200);
    assertThat(prefill.draftForwards()).isZero();
    assertThat(prefill.emitted()).isEqualTo(1);
    assertThat(prefill.usedBlocks()).isEqualTo(2);
    assertThat(prefill.totalBlocks()).isEqualTo(64);
    assertThat(prefill.failure()).isEmpty();

    StepRecord decode = steps.get(1);
    assertThat(decode.step()).isEqualTo(1);
    assertThat(decode.startNanos()).isEqualTo(200);
    assertThat(decode.batch()).isEqualTo(1);
    assertThat(decode.draftForwards()).isEqualTo(2);
    assertThat(decode.draftTokens()).isEqualTo(2);
    assertThat(decode.verifyTokens()).isEqualTo(3);
    assertThat(decode.contextTokens()).isEqualTo(5);
    assertThat(decode.drafted()).isEqualTo(2);
    assertThat(decode.verified()).isEqualTo(2);
    assertThat(decode.accepted()).isEqualTo(2);
    assertThat(decode.emitted()).isEqualTo(3);
    assertThat(decode.predictedDraftNanos())
        .isEqualTo(ToyEngine.COST.draftNanos(1, 1, 5) + ToyEngine.COST.draftNanos(1, 1, 6));
    assertThat(decode.predictedVerifyNanos()).isEqualTo(ToyEngine.COST.verifyNanos(1, 3, 18));
    assertThat(decode.draftNanos()).isEqualTo(200);
    assertThat(decode.verifyNanos()).isEqualTo(100);
    assertThat(decode.policyNanos()).isZero();
    assertThat(decode.totalNanos()).isEqualTo(300);
  }

  /// A chain of one token for every request; prompts never run through the draft with the target.
  ///
  /// @param piece most tokens that the draft catches up with in a step
  private static PolicySpec lazy(int piece) {
    SpeculationPolicy policy =
        new SpeculationPolicy() {
          @Override
          public boolean prefillsDraft(BatchView batch) {
            return false;
          }

          @Override
          public void grow(BatchView batch, DraftBatch drafts) {
            for (int i = 0; i < batch.size() && drafts.forwards() == 0; i++) {
              if (batch.request(i).draftLag() > piece) {
                drafts.catchUp(batch, i, piece);
              } else {
                drafts.expand(i, 0, 1);
              }
            }
          }
        };
    return new PolicySpec("lazy", 1, PolicySpec.Source.DRAFT_MODEL, true, cost -> policy);
  }

  /// Two steps of a prompt of 20 in chunks of 16, then one draft forward of 20 prompt tokens and
  /// the root.
  @Test
  void aPromptThatThePolicyKeepsFromTheDraft_isCaughtUpWithInItsFirstDraftForward() {
    Engine engine = engine(lazy(100));
    engine.submit(request(7, 20, 5));
    while (engine.hasWork()) {
      engine.step();
    }

    assertThat(steps).extracting(StepRecord::prefillTokens).containsExactly(16, 4, 0, 0);
    assertThat(steps).extracting(StepRecord::prefillDraftNanos).containsOnly(0L);
    assertThat(steps).extracting(StepRecord::draftTokens).containsExactly(0, 0, 21, 2);
    assertThat(steps.get(2).predictedDraftNanos()).isEqualTo(ToyEngine.COST.draftNanos(1, 21, 0));
    assertThat(steps).extracting(StepRecord::emitted).containsExactly(0, 1, 2, 2);
  }

  /// Pieces of 9 and 9 leave 3 of 21 tokens, and the token that each of those steps emitted. Only
  /// the last of them is a draft's forward.
  @Test
  void aLongLag_isCaughtUpWithPieceByPiece() {
    Engine engine = engine(lazy(9));
    engine.submit(request(7, 20, 7));
    while (engine.hasWork()) {
      engine.step();
    }

    assertThat(steps)
        .extracting(StepRecord::prefillDraftNanos)
        .containsExactly(0L, 0L, 100L, 100L, 0L, 0L);
    assertThat(steps).extracting(StepRecord::draftTokens).containsExactly(0, 0, 0, 0, 5, 2);
    assertThat(steps).extracting(StepRecord::accepted).containsExactly(0, 0, 0, 0, 1, 1);
  }

  /// The second chunk's draft forward brings the first along.
  @Test
  void aPolicyThatChangesItsMind_fillsTheGapWithTheNextChunk() {
    SpeculationPolicy late =
        new SpeculationPolicy() {
          @Override
          public boolean prefillsDraft(BatchView batch) {
            return batch.step() > 0;
          }

          @Override
          public void grow(BatchView batch, DraftBatch drafts) {
            if (drafts.forwards() == 0) {
              drafts.expand(0, 0, 1);
            }
          }
        };
    Engine engine =
        engine(new PolicySpec("late", 1, PolicySpec.Source.DRAFT_MODEL, true, cost -> late));
    engine.submit(request(7, 20, 5));
    while (engine.hasWork()) {
      engine.step();
    }

    assertThat(steps).extracting(StepRecord::prefillDraftNanos).containsExactly(0L, 100L, 0L, 0L);
    assertThat(steps).extracting(StepRecord::draftTokens).containsExactly(0, 0, 1, 2);
  }

  @Test
  void theQueues_areRecordedAsTheyWereDuringTheStep() {
    Engine engine = engine("autoregressive");
    for (int id = 0; id < 5; id++) {
      engine.submit(request(id, 3, 1));
    }

    engine.step();

    assertThat(steps.getFirst().prefills()).isEqualTo(4);
    assertThat(steps.getFirst().running()).isEqualTo(4);
    assertThat(steps.getFirst().waiting()).isEqualTo(1);
  }

  @Test
  void tokensOfAStep_areOneEventAtOneInstant() {
    Engine engine = engine("fixed:2");
    engine.submit(request(7, 5, 4));
    engine.step();
    engine.step();

    assertThat(events).extracting(TokenEvent::nanos).containsExactly(200L, 500L);
    assertThat(events).extracting(event -> event.tokens().length).containsExactly(1, 3);
    assertThat(events.getFirst().finish()).isNull();
    assertThat(events.getLast().finish().reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aRequestThatCannotBeServed_endsAtOnceWithTheReason() {
    Engine engine = engine("fixed:2");
    clock.advance(42);

    engine.submit(request(7, 200, 4));

    assertThat(engine.hasWork()).isFalse();
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().nanos()).isEqualTo(42);
    assertThat(events.getFirst().tokens()).isEmpty();
    assertThat(events.getFirst().finish().reason()).isEqualTo(FinishReason.REJECTED);
    assertThat(events.getFirst().finish().detail())
        .isEqualTo("prompt 200 + output 4 tokens exceed the context of 128");
  }

  /// Draft prefill, target prefill, two drafts, verification: whichever forward fails.
  @Test
  void whicheverForwardFails_theStepsRequestsFailAndTheEngineGoesOn() {
    for (int failing = 1; failing <= 5; failing++) {
      events.clear();
      steps.clear();
      forwards = 0;
      failingForward = failing;
      Engine engine = engine("fixed:2");
      engine.submit(request(0, 5, 8));
      while (engine.hasWork()) {
        engine.step();
        engine.checkIntegrity();
      }
      assertThat(events.getLast().finish().reason()).isEqualTo(FinishReason.FAILED);
      assertThat(events.getLast().finish().detail()).isEqualTo("out of memory");
      assertThat(steps.getLast().failure()).isEqualTo("out of memory");

      engine.submit(request(0, 5, 8));
      while (engine.hasWork()) {
        engine.step();
        engine.checkIntegrity();
      }
      assertThat(events.getLast().finish().reason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  /// The fourth forward is the second draft, the fifth the verification.
  @ParameterizedTest
  @CsvSource({"4, 1, 0, 0", "5, 2, 2, 100"})
  void whatAFailedStepHadDrafted_isRecordedWithItsTime(
      int failing, int drafted, int verified, long verifyNanos) {
    failingForward = failing;
    Engine engine = engine("fixed:2");
    engine.submit(request(0, 5, 8));
    engine.step();
    engine.step();

    StepRecord failed = steps.getLast();
    assertThat(failed.failure()).isEqualTo("out of memory");
    assertThat(failed.drafted()).isEqualTo(drafted);
    assertThat(failed.verified()).isEqualTo(verified);
    assertThat(failed.draftNanos()).isEqualTo(200);
    assertThat(failed.verifyNanos()).isEqualTo(verifyNanos);
  }

  @Test
  void decisions_areRecordedWhereAskedFor() {
    config = config.recordingDecisions(true);
    Engine engine = engine("fixed:2");
    engine.submit(request(7, 5, 4));
    engine.step();
    engine.step();

    assertThat(steps.get(0).decisions()).isEmpty();
    Decision decision = steps.get(1).decisions().getFirst();
    assertThat(steps.get(1).decisions()).hasSize(1);
    List<Decision.Node> nodes = decision.nodes();
    assertThat(decision).isEqualTo(new Decision(7, 5, 1, 2, 2, 1, 200, nodes, 3));
    assertThat(nodes).extracting(Decision.Node::parent).containsExactly(0, 1);
    assertThat(nodes).extracting(Decision.Node::forward).containsExactly(1, 2);
    assertThat(nodes)
        .allMatch(
            node -> node.kept() && node.accepted() && node.matched() && node.confidence() > 0);
    assertThat(decision.path()).containsExactly(1, 2);
    assertThat(decision.matches()).containsExactly(1, 2, 0);
  }

  @Test
  void withoutBeingAskedFor_noDecisionIsRecorded() {
    Engine engine = engine("fixed:2");
    engine.submit(request(7, 5, 4));
    engine.step();
    engine.step();

    assertThat(steps.get(1).drafted()).isEqualTo(2);
    assertThat(steps.get(1).decisions()).isEmpty();
  }

  @Test
  void cancelling_endsWithTheTokensSoFar_once() {
    Engine engine = engine("fixed:2");
    engine.submit(request(0, 5, 20));
    engine.step();
    engine.step();

    engine.cancel(0);
    engine.cancel(0);

    assertThat(engine.hasWork()).isFalse();
    assertThat(events).hasSize(3);
    assertThat(events.getLast().tokens()).isEmpty();
    assertThat(events.getLast().finish().reason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(events.getLast().finish().stats().outputTokens()).isEqualTo(4);
  }
}
