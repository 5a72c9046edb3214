package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What drafting and verifying bought and what was wasted: a run's drafted tokens by [Fate], and
/// the time charged to them. A step's draft time is charged in equal shares to its drafted tokens,
/// its target forward in equal shares to all rows.
final class WasteLedger {
  private final Map<Fate, Entry> entries = new EnumMap<>(Fate.class);
  private final Entry recomputed = new Entry();

  /// Tokens and the time charged to them.
  static final class Entry {
    long tokens;
    double draftNanos;
    double verifyNanos;

    void add(Entry other, long times) {
      tokens += times * other.tokens;
      draftNanos += times * other.draftNanos;
      verifyNanos += times * other.verifyNanos;
    }
  }

  WasteLedger() {
    for (Fate fate : Fate.values()) {
      entries.put(fate, new Entry());
    }
  }

  void add(StepRecord row) {
    double perDrafted = share(row.draftNanos(), row.drafted());
    double perRow = share(row.verifyNanos(), row.verifyTokens());
    entries.forEach(
        (fate, entry) -> {
          entry.tokens += fate.drafted(row);
          entry.draftNanos += fate.drafted(row) * perDrafted;
          entry.verifyNanos += fate.verified(row) * perRow;
        });
    recomputed.tokens += row.recomputedTokens();
    recomputed.verifyNanos += row.recomputedTokens() * perRow;
  }

  /// Adds the sums of other steps, `times` each.
  void add(WasteLedger other, long times) {
    entries.forEach((fate, entry) -> entry.add(other.entries.get(fate), times));
    recomputed.add(other.recomputed, times);
  }

  private static double share(long nanos, int parts) {
    return parts == 0 ? 0 : (double) nanos / parts;
  }

  Entry of(Fate fate) {
    return entries.get(fate);
  }

  List<Breakdown.ByFate> byFate() {
    return entries.entrySet().stream()
        .map(
            row ->
                new Breakdown.ByFate(
                    row.getKey(),
                    row.getValue().tokens,
                    Totals.percent(row.getValue().tokens, drafted()),
                    Charge.DRAFTING.of(row.getValue()),
                    Charge.VERIFYING.of(row.getValue())))
        .toList();
  }

  /// Tokens that preemptions made the target compute again.
  Entry recomputed() {
    return recomputed;
  }

  long drafted() {
    return entries.values().stream().mapToLong(entry -> entry.tokens).sum();
  }
}
