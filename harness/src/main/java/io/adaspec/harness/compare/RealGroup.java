package io.adaspec.harness.compare;

import static java.util.Locale.ROOT;

import io.adaspec.harness.compare.Comparison.Group;
import io.adaspec.harness.compare.Comparison.Row;
import io.adaspec.harness.compare.Pairing.Pair;
import io.adaspec.harness.report.Metric.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Real runs of one policy, estimated and to be judged together with all others.
///
/// @param divided whether times are divided by a reference policy's
/// @param comparesTimes whether host-bound measures mean something as they are estimated
/// @param notes for the reader
record RealGroup(
    Pair pair,
    boolean divided,
    boolean comparesTimes,
    ChangeEstimator estimator,
    Map<Measure, Estimate> estimates,
    List<String> notes) {

  /// Judges all groups at once: the correction for several questions is over all of theirs.
  static List<Group> judged(List<RealGroup> groups, Options options) {
    List<Question> questions = new ArrayList<>();
    for (RealGroup group : groups) {
      questions.addAll(group.questions(options.gates()));
    }
    double[] adjusted =
        Holm.adjust(questions.stream().mapToDouble(q -> q.estimate().pValue()).toArray());
    List<Group> judged = new ArrayList<>();
    for (RealGroup group : groups) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        if (questions.get(i).group().equals(group)) {
          rows.add(questions.get(i).row(adjusted[i], questions.size()));
        }
      }
      rows.addAll(group.undefined(options.gates()));
      rows.addAll(group.informative(options.gates()));
      judged.add(group.with(rows, options));
    }
    return judged;
  }

  /// A gated measure.
  private record Question(RealGroup group, Measure measure, Estimate estimate, double threshold) {
    Row row(double adjusted, int questions) {
      double lower = estimate.lower(Comparison.CONFIDENCE);
      double upper = estimate.upper(Comparison.CONFIDENCE);
      String doubt = group.doubt(measure);
      Verdict verdict = doubt.isEmpty() ? verdict(lower, upper, adjusted) : Verdict.UNDECIDED;
      boolean open = verdict == Verdict.UNDECIDED && doubt.isEmpty();
      double tail = (1 - Comparison.CONFIDENCE) / 2 / questions;
      return new Row(
          measure,
          group.divided && measure.hostBound(),
          estimate.baseline(),
          estimate.candidate(),
          estimate.change(),
          lower,
          upper,
          adjusted,
          OptionalDouble.of(threshold),
          Optional.of(verdict),
          open ? estimate.moreRuns(threshold, tail) : 0,
          doubt);
    }

    /// A change is called where chance explains it badly, over all questions, *and* it is at least
    /// the threshold; its absence where the whole interval is within the threshold. That takes no
    /// correction: a comparison is fine when *every* measure is shown to be the same, and each is
    /// shown at the full level (an intersection-union test).
    private Verdict verdict(double lower, double upper, double adjusted) {
      if (Math.max(-lower, upper) <= threshold) {
        return Verdict.SAME;
      }
      if (adjusted > 1 - Comparison.CONFIDENCE || Math.abs(estimate.change()) < threshold) {
        return Verdict.UNDECIDED;
      }
      boolean lowerIsBetter = measure.metric().direction() == Direction.LOWER_IS_BETTER;
      return estimate.change() < 0 == lowerIsBetter ? Verdict.BETTER : Verdict.WORSE;
    }
  }

  private List<Question> questions(Gates gates) {
    List<Question> questions = new ArrayList<>();
    estimates.forEach(
        (measure, estimate) -> {
          OptionalDouble threshold = gates.real(measure);
          if (threshold.isPresent() && (comparesTimes || !measure.hostBound())) {
            questions.add(new Question(this, measure, estimate, threshold.getAsDouble()));
          }
        });
    return questions;
  }

  /// Why nothing can be said of a measure however its interval looks; usually empty.
  private String doubt(Measure measure) {
    long needed = measure.requestsNeeded();
    long there =
        estimator.repetitions().mapToLong(r -> measure.requests(r.run())).min().orElseThrow();
    if (there < needed) {
      return "%d requests, %d needed".formatted(there, needed);
    }
    if (measure.hostBound() && !estimator.trusted()) {
      return "requests depend on each other %.0f in a row: run longer, or repeat"
          .formatted(estimator.dependence());
    }
    return "";
  }

  private String tooFew() {
    return "%d requests, %d needed"
        .formatted(estimator.requests(), ChangeEstimator.FEWEST_REQUESTS);
  }

  /// Gated measures that are zero or undefined in some run, or all of them where there are too few
  /// requests to resample.
  private List<Row> undefined(Gates gates) {
    List<Row> rows = new ArrayList<>();
    for (Measure measure : gates.real()) {
      OptionalDouble threshold = gates.real(measure);
      if (threshold.isEmpty()
          || estimates.containsKey(measure)
          || (measure.hostBound() && !comparesTimes)) {
        continue;
      }
      double before = estimator.baseline(measure);
      double after = estimator.candidate(measure);
      if (Double.isNaN(before) && Double.isNaN(after)) {
        continue;
      }
      boolean few = estimator.requests() < ChangeEstimator.FEWEST_REQUESTS;
      boolean equal = before == after && !few;
      rows.add(
          new Row(
              measure,
              false,
              before,
              after,
              before == after ? 0 : Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              threshold,
              Optional.of(equal ? Verdict.SAME : Verdict.UNDECIDED),
              0,
              equal ? "" : few ? tooFew() : "zero or undefined in a run: no ratio"));
    }
    return rows;
  }

  /// What is shown only: ungated measures, and the times themselves where ratios are gated.
  private List<Row> informative(Gates gates) {
    List<Row> rows = new ArrayList<>();
    for (Measure measure : gates.real()) {
      boolean asked = gates.real(measure).isPresent();
      boolean timesOnly = measure.hostBound() && (divided || !comparesTimes);
      if (!asked || timesOnly) {
        double before = estimator.baseline(measure);
        double after = estimator.candidate(measure);
        if (!Double.isNaN(before) && !Double.isNaN(after)) {
          rows.add(Row.informative(measure, false, before, after));
        }
      }
    }
    return rows;
  }

  private Group with(List<Row> rows, Options options) {
    return new Group(
        pair.subject().policy(),
        pair.subject().workload(),
        pair.subject().seed(),
        pair.subject().target(),
        false,
        divided ? options.reference() : "",
        estimator.baselineRuns(),
        estimator.candidateRuns(),
        0,
        method(options),
        rows,
        notes);
  }

  private String method(Options options) {
    String within =
        String.format(
            ROOT,
            "circular block bootstrap over %,d requests%s in blocks of %,d, %,d resamples",
            estimator.requests(),
            estimator.paired() ? ", paired," : " of each side",
            estimator.blockLength(),
            options.resamples());
    return estimator.repeated()
        ? within + "; Student's t over the runs; the wider interval counts"
        : String.format(
            ROOT,
            "%s; one run a side, a deviation of %.1f %% between runs is assumed",
            within,
            100 * options.runDeviation());
  }
}
