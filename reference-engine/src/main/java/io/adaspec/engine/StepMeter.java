package io.adaspec.engine;

import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.sched.StepUpdate;
import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.DraftBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Collects the facts of one step while it runs.
final class StepMeter {
  private final Clock clock;
  private final long startNanos;
  private int verifyTokens;
  private long contextTokens;
  private int draftForwards;
  private int draftTokens;
  private int drafted;
  private int verified;
  private int accepted;
  private int acceptedLate;
  private int emitted;
  private double predictedDraftNanos;
  private double predictedVerifyNanos;
  private long draftNanos;
  private long prefillDraftNanos;
  private long verifyNanos;
  private long policyNanos;
  private String failure = "";
  private List<Decision> decisions = List.of();

  StepMeter(Clock clock) {
    this.clock = clock;
    this.startNanos = clock.nanos();
  }

  long startNanos() {
    return startNanos;
  }

  long draftNanos() {
    return draftNanos;
  }

  long verifyNanos() {
    return verifyNanos;
  }

  double predictedDraftNanos() {
    return predictedDraftNanos;
  }

  double predictedVerifyNanos() {
    return predictedVerifyNanos;
  }

  void timePolicy(Runnable decision) {
    policyNanos += time(decision);
  }

  void timePrefillDraft(Runnable forward) {
    prefillDraftNanos += time(forward);
  }

  void timeDraft(int tokens, double predictedNanos, Runnable forward) {
    draftForwards++;
    draftTokens += tokens;
    predictedDraftNanos += predictedNanos;
    long before = clock.nanos();
    try {
      forward.run();
    } finally {
      draftNanos += clock.nanos() - before;
    }
  }

  <T> T timeVerify(int tokens, long context, double predictedNanos, Supplier<T> forward) {
    verifyTokens = tokens;
    contextTokens = context;
    predictedVerifyNanos = predictedNanos;
    long before = clock.nanos();
    try {
      return forward.get();
    } finally {
      verifyNanos = clock.nanos() - before;
    }
  }

  private long time(Runnable work) {
    long before = clock.nanos();
    work.run();
    return clock.nanos() - before;
  }

  void drafted(int proposed, int kept) {
    drafted = proposed;
    verified = kept;
  }

  void updated(StepUpdate update) {
    accepted = update.accepted();
    acceptedLate = update.acceptedLate();
    emitted = update.emitted();
  }

  void decided(StepPlan plan, DraftBatch drafts, List<Acceptance> verdicts) {
    List<Decision> made = new ArrayList<>(drafts.size());
    for (int i = 0; i < drafts.size(); i++) {
      made.add(Decision.of(plan.batch().request(i), drafts.proposal(i), verdicts.get(i)));
    }
    decisions = made;
  }

  void failed(String cause) {
    failure = cause;
  }

  StepRecord record(StepPlan plan, int usedBlocks, int totalBlocks, int running) {
    return new StepRecord(
        plan.batch().step(),
        startNanos,
        plan.decodes().length,
        plan.prefills().size(),
        plan.batch().prefillTokens(),
        verifyTokens,
        contextTokens,
        draftForwards,
        draftTokens,
        drafted,
        verified,
        accepted,
        acceptedLate,
        emitted,
        predictedDraftNanos,
        predictedVerifyNanos,
        draftNanos,
        prefillDraftNanos,
        verifyNanos,
        policyNanos,
        clock.nanos() - startNanos,
        usedBlocks,
        totalBlocks,
        running,
        plan.batch().waiting(),
        plan.preempted(),
        plan.recomputedTokens(),
        failure,
        decisions);
  }
}
