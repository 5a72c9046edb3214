package io.adaspec.harness.compare;

import io.adaspec.harness.compare.Comparison.Row;
import io.adaspec.harness.record.ArrowRunReader;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.report.Metric.Direction;
import io.adaspec.harness.report.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Compares deterministic runs: equal inputs give equal results, so every difference is real.
final class ExactComparison {
  private ExactComparison() {}

  /// A row per measure that either run defines.
  static List<Row> rows(Gates gates, Summary baseline, Summary candidate) {
    List<Row> rows = new ArrayList<>();
    for (Measure measure : gates.deterministic()) {
      double before = measure.of(baseline);
      double after = measure.of(candidate);
      if (!Double.isNaN(before) || !Double.isNaN(after)) {
        OptionalDouble threshold = gates.deterministic(measure);
        rows.add(
            new Row(
                measure,
                false,
                before,
                after,
                before == after ? 0 : after / before - 1,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                threshold,
                Optional.of(verdict(measure, before, after, threshold.orElse(0))),
                0,
                ""));
      }
    }
    return rows;
  }

  private static Verdict verdict(Measure measure, double before, double after, double threshold) {
    if (before == after) {
      return Verdict.SAME;
    }
    Direction direction = measure.metric().direction();
    if (direction == Direction.NONE) {
      return Verdict.CHANGED;
    }
    if (Double.isNaN(after)) {
      return Verdict.WORSE; // what could be measured no longer can
    }
    if (Double.isNaN(before)) {
      return Verdict.BETTER;
    }
    if (Math.abs(after - before) <= threshold * Math.abs(before)) {
      return Verdict.SAME;
    }
    return after < before == (direction == Direction.LOWER_IS_BETTER)
        ? Verdict.BETTER
        : Verdict.WORSE;
  }

  /// How the records of two runs' requests differ.
  ///
  /// @param requests of the baseline
  /// @param differing requests whose records are not equal, or are missing on one side
  /// @param first id of the first of them
  record Records(int requests, int differing, long first) {
    boolean equal() {
      return differing == 0;
    }

    @Override
    public String toString() {
      return equal()
          ? "the records of all " + requests + " requests are equal"
          : "the records of %d requests differ, the first of them request %d"
              .formatted(differing, first);
    }
  }

  static Records records(RunDirectory baseline, RunDirectory candidate) throws IOException {
    Map<Long, RequestRecord> before = new HashMap<>();
    ArrowRunReader.requests(baseline, row -> before.put(row.id(), row));
    int requests = before.size();
    List<Long> differing = new ArrayList<>();
    ArrowRunReader.requests(
        candidate,
        row -> {
          if (!row.equals(before.remove(row.id()))) {
            differing.add(row.id());
          }
        });
    differing.addAll(before.keySet());
    long first = differing.stream().mapToLong(Long::longValue).min().orElse(-1);
    return new Records(requests, differing.size(), first);
  }
}
