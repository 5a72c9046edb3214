package io.adaspec.harness.report;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Sums over a run's requests.
final class RequestTotals {
  long arrived;
  long firstScheduledNanos = Long.MAX_VALUE;
  long lastTokenNanos = Long.MIN_VALUE;

  // of completed requests
  long completed;
  long promptTokens;
  long outputTokens;

  // of the others
  long failed;
  long rejected;
  long cancelled;
  long unfinished;

  // of every request
  long allPromptTokens;
  long allRequestedTokens;
  final Objective ttft = new Objective();
  final Objective tpot = new Objective();
  final Objective e2e = new Objective();
  long withObjective;
  long good;
  long goodTokens;
  long disordered;

  // of requests that ran to their length
  long fullTokens;
  long requestedTokens;

  // of requests whose target tells
  long told;
  long drafted;
  long verified;
  long accepted;
  long decodeSteps;
  long speculativeSteps;
  long speculativeTokens;
  long preemptions;
  final JudgedTotals judged = new JudgedTotals();

  private final Map<String, Group> classes = new TreeMap<>();
  private final Map<String, Group> categories = new TreeMap<>();

  /// Requests that have something in common.
  private static final class Group {
    long arrived;
    long good;
    long verified;
    long accepted;
    long speculativeSteps;
    long speculativeTokens;

    void add(Group other, long times) {
      arrived += times * other.arrived;
      good += times * other.good;
      verified += times * other.verified;
      accepted += times * other.accepted;
      speculativeSteps += times * other.speculativeSteps;
      speculativeTokens += times * other.speculativeTokens;
    }
  }

  /// How many requests had an objective, and how many met it.
  static final class Objective {
    long set;
    long met;

    void add(Objective other, long times) {
      set += times * other.set;
      met += times * other.met;
    }

    /// Counts a request; returns whether this objective lets it be good.
    boolean count(long limitNanos, boolean served, double nanos) {
      if (limitNanos == Slo.NONE) {
        return true;
      }
      boolean kept = served && nanos <= limitNanos;
      set++;
      met += kept ? 1 : 0;
      return kept;
    }
  }

  void add(RequestRecord row) {
    arrived++;
    countOutcome(row.outcome());
    allPromptTokens += row.promptTokens();
    allRequestedTokens += row.requestedOutputTokens();
    firstScheduledNanos = Math.min(firstScheduledNanos, row.scheduledNanos());
    int tokens = row.outputTokens();
    if (tokens > 0) {
      lastTokenNanos = Math.max(lastTokenNanos, row.lastTokenNanos());
    }
    if (row.outcome().completed()) {
      promptTokens += row.promptTokens();
      outputTokens += tokens;
    }
    if (row.outcome() == Outcome.LENGTH) {
      fullTokens += tokens;
      requestedTokens += row.requestedOutputTokens();
    }
    boolean isGood = meetsObjectives(row);
    if (isGood) {
      good++;
      goodTokens += tokens;
    }
    disordered += inOrder(row) ? 0 : 1;
    addStats(row.stats(), row);
    if (!row.sloClass().isEmpty()) {
      addTo(classes.computeIfAbsent(row.sloClass(), _ -> new Group()), row, isGood);
    }
    if (!row.category().isEmpty()) {
      addTo(categories.computeIfAbsent(row.category(), _ -> new Group()), row, isGood);
    }
  }

  private void countOutcome(Outcome outcome) {
    switch (outcome) {
      case STOP, LENGTH -> completed++;
      case FAILED -> failed++;
      case REJECTED -> rejected++;
      case CANCELLED -> cancelled++;
      case UNFINISHED -> unfinished++;
    }
  }

  private static void addTo(Group group, RequestRecord row, boolean isGood) {
    RequestStats stats = row.stats();
    group.arrived++;
    group.good += isGood ? 1 : 0;
    group.verified += stats.verified();
    group.accepted += stats.accepted();
    group.speculativeSteps += stats.speculativeSteps();
    group.speculativeTokens += stats.told() ? speculativeTokens(row) : 0;
  }

  /// Every emission but those of speculative steps carries one token.
  private static long speculativeTokens(RequestRecord row) {
    return (long) row.outputTokens() - row.emissions().size() + row.stats().speculativeSteps();
  }

  /// Sent before it was answered, and answered forwards.
  private static boolean inOrder(RequestRecord row) {
    long before = Math.max(row.scheduledNanos(), row.dispatchedNanos());
    for (long nanos : row.emissions().nanos()) {
      if (nanos < before) {
        return false;
      }
      before = nanos;
    }
    return true;
  }

  private boolean meetsObjectives(RequestRecord row) {
    Slo slo = row.slo();
    withObjective += slo.equals(Slo.UNCONSTRAINED) ? 0 : 1;
    boolean served = Latency.served(row);
    boolean one = row.outputTokens() <= 1;
    boolean kept =
        ttft.count(slo.ttftNanos(), served, (double) row.firstTokenNanos() - row.scheduledNanos());
    kept &= tpot.count(slo.tpotNanos(), served, one ? 0 : Latency.tpotNanos(row));
    kept &= e2e.count(slo.e2eNanos(), served, (double) row.lastTokenNanos() - row.scheduledNanos());
    return kept && served;
  }

  private void addStats(RequestStats stats, RequestRecord row) {
    if (!stats.told()) {
      return;
    }
    told++;
    drafted += stats.drafted();
    verified += stats.verified();
    accepted += stats.accepted();
    decodeSteps += stats.decodeSteps();
    speculativeSteps += stats.speculativeSteps();
    speculativeTokens += speculativeTokens(row);
    preemptions += stats.preemptions();
    judged.add(stats);
  }

  /// Adds the sums of other requests, `times` each. First arrival and last token are those of all,
  /// even where `times` is 0, so that a resample lasts as long as the run did.
  void add(RequestTotals other, long times) {
    firstScheduledNanos = Math.min(firstScheduledNanos, other.firstScheduledNanos);
    lastTokenNanos = Math.max(lastTokenNanos, other.lastTokenNanos);
    if (times == 0) {
      return;
    }
    arrived += times * other.arrived;
    completed += times * other.completed;
    failed += times * other.failed;
    rejected += times * other.rejected;
    cancelled += times * other.cancelled;
    unfinished += times * other.unfinished;
    promptTokens += times * other.promptTokens;
    outputTokens += times * other.outputTokens;
    allPromptTokens += times * other.allPromptTokens;
    allRequestedTokens += times * other.allRequestedTokens;
    ttft.add(other.ttft, times);
    tpot.add(other.tpot, times);
    e2e.add(other.e2e, times);
    withObjective += times * other.withObjective;
    good += times * other.good;
    goodTokens += times * other.goodTokens;
    disordered += times * other.disordered;
    fullTokens += times * other.fullTokens;
    requestedTokens += times * other.requestedTokens;
    told += times * other.told;
    drafted += times * other.drafted;
    verified += times * other.verified;
    accepted += times * other.accepted;
    decodeSteps += times * other.decodeSteps;
    speculativeSteps += times * other.speculativeSteps;
    speculativeTokens += times * other.speculativeTokens;
    preemptions += times * other.preemptions;
    judged.add(other.judged, times);
    add(classes, other.classes, times);
    add(categories, other.categories, times);
  }

  private static void add(Map<String, Group> groups, Map<String, Group> others, long times) {
    if (others.isEmpty()) {
      return; // saves the lambda, a bootstrap's cost
    }
    others.forEach(
        (name, other) -> groups.computeIfAbsent(name, _ -> new Group()).add(other, times));
  }

  /// From the first scheduled arrival to the last token; NaN without a token.
  double seconds() {
    return lastTokenNanos == Long.MIN_VALUE
        ? Double.NaN
        : (lastTokenNanos - firstScheduledNanos) / 1e9;
  }

  /// By name; empty where requests have no classes.
  List<Breakdown.ByClass> byClass() {
    List<Breakdown.ByClass> rows = new ArrayList<>();
    classes.forEach(
        (name, group) ->
            rows.add(
                new Breakdown.ByClass(
                    name,
                    group.arrived,
                    100.0 * group.good / group.arrived,
                    group.good / seconds())));
    return rows;
  }

  /// The class with the lowest attainment; empty where requests have no classes.
  Optional<Breakdown.ByClass> worstClass() {
    return byClass().stream().min(Comparator.comparingDouble(Breakdown.ByClass::attainment));
  }

  /// By name; empty where requests have no categories.
  List<Breakdown.ByCategory> byCategory() {
    List<Breakdown.ByCategory> rows = new ArrayList<>();
    categories.forEach(
        (name, group) ->
            rows.add(
                new Breakdown.ByCategory(
                    name,
                    group.arrived,
                    group.verified,
                    group.accepted,
                    100.0 * group.accepted / group.verified,
                    (double) group.speculativeTokens / group.speculativeSteps)));
    return rows;
  }
}
