package io.adaspec.harness.page;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.page.Drawing.Mark;
import io.adaspec.harness.report.Latency;
import java.util.List;
import java.util.Locale;

/// Objectives as lines.
final class Marks {
  private static final int MOST = 6;

  private Marks() {}

  /// The objectives that requests carry, each once; the shortest ones where there are many.
  static List<Mark> objectives(List<RunFacts> runs, Latency latency, String axis) {
    return runs.stream()
        .flatMap(run -> run.requests().stream())
        .mapToLong(row -> nanos(row.slo(), latency))
        .filter(nanos -> nanos != Slo.NONE)
        .distinct()
        .sorted()
        .limit(MOST)
        .mapToObj(nanos -> new Mark(axis, nanos / 1e6, label(nanos)))
        .toList();
  }

  private static String label(long nanos) {
    String millis = String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    return "SLO "
        + (millis.endsWith(".0") ? millis.substring(0, millis.length() - 2) : millis)
        + " ms";
  }

  private static long nanos(Slo slo, Latency latency) {
    return switch (latency) {
      case TTFT -> slo.ttftNanos();
      case TPOT -> slo.tpotNanos();
      case E2E -> slo.e2eNanos();
      case ITL, DISPATCH_LAG -> Slo.NONE;
    };
  }
}
