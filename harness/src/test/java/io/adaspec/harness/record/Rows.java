package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
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
        random.nextInt(50) == 0 ? "außer Speicher" : "");
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
        scheduled,
        random.nextInt(10) == 0 ? RequestRecord.NEVER : scheduled + random.nextInt(100_000),
        1 + random.nextInt(2000),
        1 + random.nextInt(500),
        new Slo(
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(1_000_000_000),
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(100_000_000),
            random.nextBoolean() ? Slo.NONE : 1 + random.nextLong(10_000_000_000L)),
        emissions,
        told
            ? new RequestStats(emissions.total(), 90, 80, 40, events - 1, (events - 1) / 2, 1)
            : RequestStats.NONE,
        outcome,
        outcome == Outcome.FAILED || outcome == Outcome.REJECTED ? "cause " + number : "");
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
