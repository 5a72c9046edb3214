package io.adaspec.harness.page;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.report.Latency;
import io.adaspec.harness.report.Objectives;

/// What the charts need of a request: small, so that all of a long run fit in memory.
///
/// @param ttft in milliseconds, NaN where the request was not served
/// @param tpot in milliseconds, NaN where the request was not served or had one token
/// @param e2e in milliseconds, NaN where the request was not served
/// @param met whether it met all its objectives
/// @param preemptions how often it gave up its cache; 0 where the target does not tell
record RequestFacts(
    long id,
    long scheduledNanos,
    long dispatchedNanos,
    long firstTokenNanos,
    long lastTokenNanos,
    double ttft,
    double tpot,
    double e2e,
    Slo slo,
    boolean met,
    long preemptions,
    Outcome outcome) {

  static RequestFacts of(RequestRecord row) {
    return new RequestFacts(
        row.id(),
        row.scheduledNanos(),
        row.dispatchedNanos(),
        row.firstTokenNanos(),
        row.lastTokenNanos(),
        millis(Latency.TTFT, row),
        millis(Latency.TPOT, row),
        millis(Latency.E2E, row),
        row.slo(),
        Objectives.met(row),
        row.stats().preemptions(),
        row.outcome());
  }

  private static double millis(Latency latency, RequestRecord row) {
    double[] sample = {Double.NaN};
    latency.samples(row, nanos -> sample[0] = nanos / 1e6);
    return sample[0];
  }

  boolean served() {
    return !Double.isNaN(ttft);
  }

  /// The shortest objective in milliseconds that the request would meet, as [Objectives] judges: 0
  /// for the TPOT of a single token, infinite for a request that was not served.
  double leastObjective(Latency latency) {
    if (!served()) {
      return Double.POSITIVE_INFINITY;
    }
    return switch (latency) {
      case TTFT -> ttft;
      case TPOT -> Double.isNaN(tpot) ? 0 : tpot;
      case E2E -> e2e;
      case ITL, DISPATCH_LAG -> throw new IllegalArgumentException(latency + " has no objective");
    };
  }
}
