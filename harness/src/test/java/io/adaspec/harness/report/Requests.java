package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Emissions;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import java.util.List;

/// Hand-written records, times in milliseconds.
final class Requests {
  static final long MS = 1_000_000;

  private Requests() {}

  /// A request of 10 prompt tokens, dispatched on time; tokens given as pairs of time and count.
  static RequestRecord request(
      long id, long scheduledMs, Slo slo, Outcome outcome, RequestStats stats, int... emissions) {
    long[] nanos = new long[emissions.length / 2];
    int[] tokens = new int[nanos.length];
    int total = 0;
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = emissions[2 * i] * MS;
      tokens[i] = emissions[2 * i + 1];
      total += tokens[i];
    }
    return new RequestRecord(
        id,
        "",
        "",
        scheduledMs * MS,
        scheduledMs * MS,
        10,
        Math.max(1, total),
        slo,
        new Emissions(nanos, tokens),
        stats,
        outcome,
        "");
  }

  /// A completed one whose target tells nothing.
  static RequestRecord served(long id, long scheduledMs, Slo slo, int... emissions) {
    return request(id, scheduledMs, slo, Outcome.LENGTH, RequestStats.NONE, emissions);
  }

  /// Objectives in milliseconds, 0 for none.
  static Slo slo(long ttft, long tpot, long e2e) {
    return new Slo(nanos(ttft), nanos(tpot), nanos(e2e));
  }

  private static long nanos(long ms) {
    return ms == 0 ? Slo.NONE : ms * MS;
  }

  /// The same request in a category and an SLO class.
  static RequestRecord in(String category, String sloClass, RequestRecord row) {
    return new RequestRecord(
        row.id(),
        category,
        sloClass,
        row.scheduledNanos(),
        row.dispatchedNanos(),
        row.promptTokens(),
        row.requestedOutputTokens(),
        row.slo(),
        row.emissions(),
        row.stats(),
        row.outcome(),
        row.reason());
  }

  /// A step that drafts; times in milliseconds.
  static StepRecord speculativeStep(
      int batch,
      int prefillTokens,
      int drafted,
      int verified,
      int accepted,
      int acceptedLate,
      long draftMs,
      long verifyMs,
      int recomputed,
      String failure) {
    return new StepRecord(
        0,
        0,
        batch,
        1,
        prefillTokens,
        batch + verified + prefillTokens,
        0,
        1,
        drafted,
        drafted,
        verified,
        accepted,
        acceptedLate,
        accepted + batch,
        draftMs * MS,
        verifyMs * MS,
        draftMs * MS,
        0,
        verifyMs * MS,
        MS / 10,
        (draftMs + verifyMs) * MS,
        40,
        100,
        batch,
        0,
        0,
        recomputed,
        failure,
        List.of());
  }

  /// A step of 10 ms with 0.1 ms of policy; predictions and measurements in milliseconds.
  static StepRecord step(
      int batch, int usedBlocks, double drafting, int drafted, double verifying, int verified) {
    return new StepRecord(
        0,
        0,
        batch,
        0,
        0,
        batch,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        batch,
        drafting * MS,
        verifying * MS,
        drafted * MS,
        0,
        verified * MS,
        MS / 10,
        10 * MS,
        usedBlocks,
        100,
        batch,
        0,
        0,
        0,
        "",
        List.of());
  }
}
