package io.adaspec.harness.report;

import io.adaspec.harness.record.RequestRecord;

/// Whether a single request met its objectives; the reports count the same over all of them.
public final class Objectives {
  private Objectives() {}

  /// Served to its end, and within every objective that is set; one token has no TPOT to miss.
  public static boolean met(RequestRecord row) {
    return Latency.served(row)
        && within(Latency.TTFT, row, row.slo().ttftNanos())
        && within(Latency.TPOT, row, row.slo().tpotNanos())
        && within(Latency.E2E, row, row.slo().e2eNanos());
  }

  private static boolean within(Latency latency, RequestRecord row, long limitNanos) {
    boolean[] within = {true};
    latency.samples(row, nanos -> within[0] &= nanos <= limitNanos);
    return within[0];
  }
}
