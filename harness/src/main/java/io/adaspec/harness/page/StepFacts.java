package io.adaspec.harness.page;

import io.adaspec.engine.StepRecord;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the charts need of a run's steps, gathered in one pass.
final class StepFacts {
  final WindowSeries length;
  final WindowSeries batch;
  final WindowSeries waiting;
  final WindowSeries cache;
  final Predictions draft = new Predictions();
  final Predictions verify = new Predictions();
  final SortedMap<Integer, Lengths> byBatch = new TreeMap<>();
  final StepTime time = new StepTime();

  /// Speculation lengths at one batch size.
  static final class Lengths {
    long steps;
    long requests;
    long drafted;
    long verified;
  }

  /// Where the time of steps went, in nanoseconds.
  static final class StepTime {
    long draft;
    long prefillDraft;
    long verify;
    long policy;
    long total;

    long rest() {
      return total - draft - prefillDraft - verify - policy;
    }
  }

  StepFacts(TimeGrid grid) {
    this.length = new WindowSeries(grid);
    this.batch = new WindowSeries(grid);
    this.waiting = new WindowSeries(grid);
    this.cache = new WindowSeries(grid);
  }

  void add(StepRecord row) {
    long start = row.startNanos();
    batch.add(start, row.batch());
    waiting.add(start, row.waiting());
    cache.add(start, 100.0 * row.usedBlocks() / row.totalBlocks());
    if (row.batch() > 0) {
      length.add(start, (double) row.verified() / row.batch());
      Lengths lengths = byBatch.computeIfAbsent(row.batch(), _ -> new Lengths());
      lengths.steps++;
      lengths.requests += row.batch();
      lengths.drafted += row.drafted();
      lengths.verified += row.verified();
    }
    if (row.failure().isEmpty()) {
      draft.add(row.predictedDraftNanos(), row.draftNanos());
      verify.add(row.predictedVerifyNanos(), row.verifyNanos());
    }
    time.draft += row.draftNanos();
    time.prefillDraft += row.prefillDraftNanos();
    time.verify += row.verifyNanos();
    time.policy += row.policyNanos();
    time.total += row.totalNanos();
  }
}
