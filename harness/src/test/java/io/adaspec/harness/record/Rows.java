package io.adaspec.harness.record;

import io.adaspec.engine.Decision;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Records of every shape, a function of their number alone.
public final class Rows {
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

  private Rows() {}

  public static RunInfo info(int requests) {
    return RunInfo.started(
        "2026-01-02T03:04:05Z",
        "simulated",
        "fixed:3",
        7,
        RunInfo.Provenance.SYNTHETIC,
        new Slo(200_000_000, 50_000_000, Slo.NONE),
        new RunInfo.Workload("poisson", "abc123", requests, 0, 0),
        Map.of("engine", Map.of("max_batch", 8)),
        Map.of("project", "0.1.0"),
        "4837c57",
        "cpu",
        new RunInfo.Host("a cpu", 2, "Linux"));
  }

  public static StepRecord step(long number) {
    SplittableRandom random = new SplittableRandom(number);
    int batch = random.nextInt(33);
    int drafted = 4 * batch;
    int verified = random.nextInt(drafted + 1);
    int accepted = random.nextInt(verified + 1);
    return new StepRecord(
        number,
        number * 10_000_000 + random.nextInt(1_000_000),
        batch,
        random.nextInt(3),
        random.nextInt(512),
        batch + verified,
        random.nextLong(100_000),
        random.nextInt(9),
        drafted,
        drafted,
        verified,
        accepted,
        random.nextInt(accepted + 1),
        batch + accepted,
        random.nextDouble(1e7),
        random.nextDouble(1e7),
        random.nextLong(5_000_000),
        random.nextLong(5_000_000),
        random.nextLong(5_000_000),
        random.nextLong(50_000),
        10_000_000,
        random.nextInt(1000),
        1000,
        batch,
        random.nextInt(10),
        random.nextInt(2),
        random.nextInt(100),
        random.nextInt(50) == 0 ? "außer Speicher" : "",
        random.nextBoolean() ? decisions(random, batch, number) : List.of());
  }

  static StepRecord stepAt(long number, long startNanos) {
    StepRecord step = step(number);
    return with(step, startNanos, step.decisions());
  }

  public static StepRecord withDecisions(StepRecord step, List<Decision> decisions) {
    return with(step, step.startNanos(), decisions);
  }

  private static StepRecord with(StepRecord s, long startNanos, List<Decision> decisions) {
    return new StepRecord(
        s.step(),
        startNanos,
        s.batch(),
        s.prefills(),
        s.prefillTokens(),
        s.verifyTokens(),
        s.contextTokens(),
        s.draftForwards(),
        s.draftTokens(),
        s.drafted(),
        s.verified(),
        s.accepted(),
        s.acceptedLate(),
        s.emitted(),
        s.predictedDraftNanos(),
        s.predictedVerifyNanos(),
        s.draftNanos(),
        s.prefillDraftNanos(),
        s.verifyNanos(),
        s.policyNanos(),
        s.totalNanos(),
        s.usedBlocks(),
        s.totalBlocks(),
        s.running(),
        s.waiting(),
        s.preempted(),
        s.recomputedTokens(),
        s.failure(),
        decisions);
  }

  private static List<Decision> decisions(SplittableRandom random, int batch, long step) {
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      List<Decision.Node> nodes = new ArrayList<>();
      for (int node = random.nextInt(4); node > 0; node--) {
        boolean kept = random.nextBoolean();
        nodes.add(
            new Decision.Node(
                random.nextInt(nodes.size() + 1),
                (float) random.nextDouble(),
                kept,
                kept && random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3)));
      }
      decisions.add(
          new Decision(
              i, random.nextInt(1000), 1, 8, 8, 1 + random.nextInt(9), step * 1_000_000, nodes, 1));
    }
    return decisions;
  }

  public static RequestRecord request(long number) {
    SplittableRandom random = new SplittableRandom(~number);
    Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
    long scheduled = number * 1_000_000;
    int events = outcome == Outcome.REJECTED ? 0 : random.nextInt(outcome.completed() ? 1 : 0, 60);
    Emissions emissions = emissions(random, scheduled, events);
    boolean told = outcome != Outcome.UNFINISHED && events > 0;
    return new RequestRecord(
        number,
        random.nextBoolean() ? "chat" : "",
        random.nextBoolean() ? "fast" : "",
        scheduled,
        random.nextInt(10) == 0 ? RequestRecord.NEVER : scheduled + random.nextInt(100_000),
        1 + random.nextInt(2000),
        1 + random.nextInt(500),
        new Slo(
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(1_000_000_000),
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(100_000_000),
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(10_000_000_000L)),
        emissions,
        told ? stats(random, emissions) : RequestStats.NONE,
        outcome,
        outcome == Outcome.FAILED || outcome == Outcome.REJECTED ? "cause " + number : "");
  }

  private static RequestStats stats(SplittableRandom random, Emissions emissions) {
    int deepest = random.nextInt(5);
    int steps = emissions.size() - 1;
    return new RequestStats(
        true,
        emissions.total(),
        90,
        80,
        40,
        steps,
        steps / 2,
        1,
        random.ints(deepest, 20, 40).toArray(),
        random.ints(deepest, 0, 20).toArray(),
        deepest == 0
            ? Calibration.NONE
            : new Calibration(
                random.ints(Calibration.BINS, 20, 40).toArray(),
                random.ints(Calibration.BINS, 0, 20).toArray(),
                random.doubles(Calibration.BINS, 0, 20).toArray(),
                random.nextDouble(20)));
  }

  private static Emissions emissions(SplittableRandom random, long scheduled, int events) {
    long[] nanos = new long[events];
    int[] tokens = new int[events];
    long at = scheduled;
    for (int i = 0; i < events; i++) {
      nanos[i] = at += random.nextLong(200_000_000);
      tokens[i] = i == 0 ? 1 : 1 + random.nextInt(5);
    }
    return new Emissions(nanos, tokens);
  }
}
