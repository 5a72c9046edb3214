package io.adaspec.harness.report;

import static io.adaspec.harness.report.Metric.Direction.HIGHER_IS_BETTER;
import static io.adaspec.harness.report.Metric.Direction.LOWER_IS_BETTER;

import io.adaspec.engine.StepRecord;
import io.adaspec.harness.report.Metric.Direction;

/// What became of a drafted token. Every one has exactly one fate, so the fates add up to the
/// drafted tokens.
public enum Fate {
  ACCEPTED_IN_TIME(
      "Accepted in time", HIGHER_IS_BETTER, "accepted - accepted late, of steps that succeeded"),
  ACCEPTED_LATE(
      "Accepted late",
      LOWER_IS_BETTER,
      "accepted, of steps that succeeded, for a request that could no longer meet its objectives"),
  REJECTED("Rejected", LOWER_IS_BETTER, "verified - accepted, of steps that succeeded"),
  PRUNED("Pruned", LOWER_IS_BETTER, "drafted - verified, of steps that succeeded"),
  LOST("Lost", LOWER_IS_BETTER, "drafted, of steps that failed");

  private final String label;
  private final Direction direction;
  private final String formula;

  Fate(String label, Direction direction, String formula) {
    this.label = label;
    this.direction = direction;
    this.formula = formula;
  }

  public String label() {
    return label;
  }

  /// Whether more such tokens are better.
  public Direction direction() {
    return direction;
  }

  /// Which tokens of a step have this fate.
  public String formula() {
    return formula;
  }

  /// Tokens of a step with this fate.
  int drafted(StepRecord row) {
    if (!row.failure().isEmpty()) {
      return this == LOST ? row.drafted() : 0;
    }
    return switch (this) {
      case ACCEPTED_IN_TIME -> row.accepted() - row.acceptedLate();
      case ACCEPTED_LATE -> row.acceptedLate();
      case REJECTED -> row.verified() - row.accepted();
      case PRUNED -> row.drafted() - row.verified();
      case LOST -> 0;
    };
  }

  /// Those of them that were rows of the target forward.
  int verified(StepRecord row) {
    return switch (this) {
      case ACCEPTED_IN_TIME, ACCEPTED_LATE, REJECTED -> drafted(row);
      case PRUNED -> 0;
      case LOST -> row.failure().isEmpty() ? 0 : row.verified();
    };
  }
}
