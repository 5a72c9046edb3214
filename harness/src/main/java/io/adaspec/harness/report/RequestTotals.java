package io.adaspec.harness.report;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Sums over a run's requests.
final class RequestTotals {
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  long arrived;
  long firstScheduledNanos = Long.MAX_VALUE;
  long lastTokenNanos = Long.MIN_VALUE;

  // of completed requests
  long completed;
  long promptTokens;
  long outputTokens;

  // of every request
  long allPromptTokens;
  long allRequestedTokens;
  final Objective ttft = new Objective();
  final Objective tpot = new Objective();
  final Objective e2e = new Objective();
  long withObjective;
  long good;
  long goodTokens;

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
  }

  /// How many requests had an objective, and how many met it.
  static final class Objective {
    long set;
    long met;

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
    outcomes.merge(row.outcome(), 1L, Long::sum);
    allPromptTokens += row.promptTokens();
    allRequestedTokens += row.requestedOutputTokens();
    firstScheduledNanos = Math.min(firstScheduledNanos, row.scheduledNanos());
    int tokens = row.outputTokens();
    if (tokens > 0) {
      lastTokenNanos = Math.max(lastTokenNanos, row.lastTokenNanos());
    }
    if (row.outcome().completed()) {
      completed++;
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
    addStats(row.stats(), row);
    if (!row.sloClass().isEmpty()) {
      addTo(classes.computeIfAbsent(row.sloClass(), _ -> new Group()), row, isGood);
    }
    if (!row.category().isEmpty()) {
      addTo(categories.computeIfAbsent(row.category(), _ -> new Group()), row, isGood);
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

  long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
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
