package io.adaspec.harness.report;

import io.adaspec.engine.StepRecord;

/// Sums over a run's engine steps.
final class StepTotals {
  long steps;
  long failed;
  long decoding;
  long batch;
  long policyNanos;
  long totalNanos;
  double blockShare;
  double peakBlockShare;
  final Prediction draft = new Prediction();
  final Prediction verify = new Prediction();
  final WasteLedger ledger = new WasteLedger();

  /// Predicted against measured times, of what was predicted.
  static final class Prediction {
    double predicted;
    double measured;
    double deviation;

    void add(Prediction other, long times) {
      predicted += times * other.predicted;
      measured += times * other.measured;
      deviation += times * other.deviation;
    }

    void add(double predictedNanos, long measuredNanos) {
      if (measuredNanos > 0 && !Double.isNaN(predictedNanos)) {
        predicted += predictedNanos;
        measured += measuredNanos;
        deviation += Math.abs(predictedNanos - measuredNanos);
      }
    }
  }

  /// Adds the sums of other steps, `times` each.
  void add(StepTotals other, long times) {
    steps += times * other.steps;
    failed += times * other.failed;
    decoding += times * other.decoding;
    batch += times * other.batch;
    policyNanos += times * other.policyNanos;
    totalNanos += times * other.totalNanos;
    blockShare += times * other.blockShare;
    peakBlockShare = Math.max(peakBlockShare, other.peakBlockShare);
    draft.add(other.draft, times);
    verify.add(other.verify, times);
    ledger.add(other.ledger, times);
  }

  void add(StepRecord row) {
    steps++;
    ledger.add(row);
    decoding += row.batch() > 0 ? 1 : 0;
    batch += row.batch();
    policyNanos += row.policyNanos();
    totalNanos += row.totalNanos();
    double share = (double) row.usedBlocks() / row.totalBlocks();
    blockShare += share;
    peakBlockShare = Math.max(peakBlockShare, share);
    if (row.failure().isEmpty()) {
      draft.add(row.predictedDraftNanos(), row.draftNanos());
      verify.add(row.predictedVerifyNanos(), row.verifyNanos());
    } else {
      failed++;
    }
  }
}
