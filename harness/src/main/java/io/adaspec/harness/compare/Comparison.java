package io.adaspec.harness.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// What came of comparing two sets of runs; every output is written from this.
///
/// @param baseline the set as it was given
/// @param candidate the set as it was given
/// @param refusals why something, or everything, was not compared
/// @param notes what a reader should know
public record Comparison(
    String baseline,
    String candidate,
    List<Group> groups,
    List<String> refusals,
    List<String> notes) {
  /// Of the intervals that are shown, and the complement of the family-wise error rate.
  public static final double CONFIDENCE = 0.95;

  public Comparison {
    groups = List.copyOf(groups);
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
  }

  /// How it ends.
  public enum Outcome {
    FINE(0),
    REGRESSION(1),
    INCOMPARABLE(2);

    private final int exitCode;

    Outcome(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  /// The runs of one policy on one workload.
  ///
  /// @param deterministic compared for equality rather than by statistics
  /// @param reference policy whose times in the same set those of host-bound measures are divided
  ///   by; empty where they are compared as they are
  /// @param differing requests of a deterministic run whose records are not equal
  /// @param method how the intervals came about, empty for deterministic runs
  public record Group(
      String policy,
      String workload,
      long seed,
      String target,
      boolean deterministic,
      String reference,
      int baselineRuns,
      int candidateRuns,
      int differing,
      String method,
      List<Row> rows,
      List<String> notes) {
    public Group {
      rows = List.copyOf(rows);
      notes = List.copyOf(notes);
    }

    public String title() {
      return policy + " on " + workload + ", seed " + seed + ", " + target;
    }
  }

  /// One measure.
  ///
  /// @param ratio whether it is divided by the reference policy's
  /// @param change relative, NaN where it has no meaning
  /// @param lower end of the interval of the change, NaN where there is none
  /// @param upper see `lower`
  /// @param pValue of no change, corrected for all gated measures; NaN where there is none
  /// @param threshold relative, empty where the measure is not gated
  /// @param verdict empty where the measure is shown only
  /// @param moreRuns that an undecided one needs, about; 0 where that is not known
  /// @param remark why there is no verdict to be had, usually empty
  public record Row(
      Measure measure,
      boolean ratio,
      double baseline,
      double candidate,
      double change,
      double lower,
      double upper,
      double pValue,
      OptionalDouble threshold,
      Optional<Verdict> verdict,
      int moreRuns,
      String remark) {

    /// A row that is shown only.
    static Row informative(Measure measure, boolean ratio, double baseline, double candidate) {
      return new Row(
          measure,
          ratio,
          baseline,
          candidate,
          candidate / baseline - 1,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          OptionalDouble.empty(),
          Optional.empty(),
          0,
          "");
    }

    public String label() {
      return ratio ? measure.label().replaceFirst(" \\(.*\\)$", "") + " ratio" : measure.label();
    }

    boolean gated() {
      return threshold.isPresent();
    }

    boolean is(Verdict wanted) {
      return verdict.isPresent() && verdict.get() == wanted;
    }
  }

  public Outcome outcome() {
    if (!refusals.isEmpty()) {
      return Outcome.INCOMPARABLE;
    }
    return gated().anyMatch(row -> row.is(Verdict.WORSE)) ? Outcome.REGRESSION : Outcome.FINE;
  }

  /// Rows that can fail the comparison.
  Stream<Row> gated() {
    return groups.stream().flatMap(group -> group.rows().stream()).filter(Row::gated);
  }

  long count(Verdict verdict) {
    return gated().filter(row -> row.is(verdict)).count();
  }

  /// One line that says it all.
  public String headline() {
    return switch (outcome()) {
      case INCOMPARABLE -> "CANNOT COMPARE: " + refusals.getFirst() + more(refusals.size() - 1);
      case REGRESSION -> "REGRESSION: " + counts();
      case FINE -> "NO REGRESSION SHOWN: " + counts();
    };
  }

  private static String more(int others) {
    return others == 0 ? "" : ", and " + others + " more";
  }

  private String counts() {
    long changed = groups.stream().filter(group -> group.differing() > 0).count();
    return "%d gated measures: %d worse, %d better, %d same, %d undecided%s"
        .formatted(
            gated().count(),
            count(Verdict.WORSE),
            count(Verdict.BETTER),
            count(Verdict.SAME),
            count(Verdict.UNDECIDED),
            changed == 0 ? "" : "; " + changed + " deterministic runs changed");
  }
}
