package io.adaspec.harness.page;

import io.adaspec.harness.page.DataTable.Column;
import io.adaspec.harness.record.RequestRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.LongStream;

/// Requests one below the other, from their scheduled arrival to their last token: consecutive
/// arrivals around the one that waited longest for its first token.
final class Timeline {
  private static final int LANES = 48;
  private static final String HELD = "held back";
  private static final String WAITING = "queue and prefill";
  private static final String DECODING = "decoding";
  private static final String PREEMPTED = "decoding, preempted";

  private final List<RunFacts> runs;
  private final boolean sameWorkload;

  /// @param sameWorkload whether all runs served the same arrivals; then they show the same ones
  Timeline(List<RunFacts> runs, boolean sameWorkload) {
    this.runs = runs;
    this.sameWorkload = sameWorkload;
  }

  List<Chart> charts() {
    List<List<RequestFacts>> shown =
        runs.stream().map(run -> shown(run, sameWorkload ? runs : List.of(run))).toList();
    List<Chart> charts = new ArrayList<>();
    for (RunFacts run : runs) {
      List<RequestFacts> lanes = shown.get(run.index());
      if (!lanes.isEmpty()) {
        charts.add(chart(run, lanes, range(sameWorkload ? shown : List.of(lanes))));
      }
    }
    return charts;
  }

  private static List<RequestFacts> shown(RunFacts run, List<RunFacts> runs) {
    List<RequestFacts> requests = run.requests();
    int from =
        Math.clamp(worst(requests, runs) - LANES / 2, 0, Math.max(0, requests.size() - LANES));
    return requests.subList(from, Math.min(requests.size(), from + LANES));
  }

  /// From the first arrival to the last token, in nanoseconds.
  private static LongSummaryStatistics range(List<List<RequestFacts>> shown) {
    return shown.stream()
        .flatMap(List::stream)
        .flatMapToLong(
            row ->
                LongStream.of(
                    row.scheduledNanos(), Math.max(row.scheduledNanos(), row.lastTokenNanos())))
        .summaryStatistics();
  }

  /// Position of the request whose TTFT, summed over the runs, is the longest.
  private static int worst(List<RequestFacts> requests, List<RunFacts> runs) {
    Map<Long, Double> waited = new HashMap<>();
    for (RunFacts run : runs) {
      for (RequestFacts row : run.requests()) {
        waited.merge(row.id(), row.served() ? row.ttft() : 0, Double::sum);
      }
    }
    int worst = 0;
    for (int i = 1; i < requests.size(); i++) {
      if (waited.get(requests.get(i).id()) > waited.get(requests.get(worst).id())) {
        worst = i;
      }
    }
    return worst;
  }

  private static Chart chart(RunFacts run, List<RequestFacts> shown, LongSummaryStatistics range) {
    DataTable table =
        DataTable.of(
            Column.run(),
            new Column("request", "Request", ""),
            new Column("phase", "Phase", ""),
            new Column("from_s", "From", "s"),
            new Column("to_s", "To", "s"),
            new Column("preemptions", "Preemptions", "times"),
            new Column("outcome", "Outcome", ""));
    boolean preempted = shown.stream().anyMatch(row -> row.preemptions() > 0);
    shown.forEach(row -> append(table, run.index(), row));
    String which =
        shown.size() == run.requests().size()
            ? "All requests."
            : shown.size()
                + " of "
                + run.requests().size()
                + " requests: consecutive arrivals around the one that waited longest, so the worst"
                + " stretch and not a typical one.";
    return new Chart(
        "timeline-" + (run.index() + 1),
        "Requests: " + run.label(),
        "One lane per request, in the order of arrival: a long first part is waiting, a long last"
            + " part is slow decoding.",
        which,
        new Drawing.Spans(
            range.getMin() / 1e9,
            range.getMax() / 1e9,
            preempted
                ? List.of(HELD, WAITING, DECODING, PREEMPTED)
                : List.of(HELD, WAITING, DECODING)),
        table);
  }

  private static void append(DataTable table, int run, RequestFacts row) {
    long scheduled = row.scheduledNanos();
    if (row.dispatchedNanos() == RequestRecord.NEVER) {
      span(table, run, row, HELD, scheduled, scheduled);
      return;
    }
    span(table, run, row, HELD, scheduled, row.dispatchedNanos());
    if (row.firstTokenNanos() != RequestRecord.NEVER) {
      span(table, run, row, WAITING, row.dispatchedNanos(), row.firstTokenNanos());
      String decoding = row.preemptions() > 0 ? PREEMPTED : DECODING;
      span(table, run, row, decoding, row.firstTokenNanos(), row.lastTokenNanos());
    }
  }

  private static void span(
      DataTable table, int run, RequestFacts row, String phase, long from, long to) {
    table.add(run, row.id(), phase, from / 1e9, to / 1e9, row.preemptions(), row.outcome().key());
  }
}
