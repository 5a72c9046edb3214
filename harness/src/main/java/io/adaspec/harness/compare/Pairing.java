package io.adaspec.harness.compare;

import io.adaspec.harness.compare.RunSet.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which runs of two sets are set against each other.
///
/// @param pairs of the same subject, in the order of the baseline
/// @param refusals why others could not be paired
/// @param notes what was overlooked, and what has no counterpart to be compared with
record Pairing(List<Pair> pairs, List<String> refusals, List<String> notes) {

  /// Runs of one subject on both sides.
  ///
  /// @param subject the baseline's
  record Pair(Subject subject, Subject candidateSubject, List<Run> baseline, List<Run> candidate) {}

  static Pairing of(RunSet baseline, RunSet candidate, Set<Allowance> allowed) {
    Map<Subject, List<Run>> before = bySubject(baseline);
    Map<Subject, List<Run>> after = bySubject(candidate);
    List<Pair> pairs = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Subject subject : List.copyOf(before.keySet())) {
      if (after.containsKey(subject)) {
        pairs.add(new Pair(subject, subject, before.remove(subject), after.remove(subject)));
      }
    }
    for (Map.Entry<Subject, List<Run>> left : before.entrySet()) {
      List<Subject> similar =
          after.keySet().stream().filter(other -> other.resembles(left.getKey())).toList();
      if (similar.isEmpty()) {
        List<String> told = allowed.contains(Allowance.MISSING) ? notes : refusals;
        told.add("the candidate has no run of " + left.getKey() + overlook(Allowance.MISSING));
      } else if (similar.size() > 1) {
        refusals.add(
            "%s differs from each of the candidate's %d: %s"
                .formatted(left.getKey(), similar.size(), text(left.getKey(), similar.getFirst())));
      } else {
        Subject other = similar.getFirst();
        List<Subject.Difference> forbidden =
            left.getKey().differences(other).stream()
                .filter(difference -> !allowed.contains(difference.kind()))
                .toList();
        if (forbidden.isEmpty()) {
          notes.add(left.getKey() + ": overlooked " + text(left.getKey(), other));
          pairs.add(new Pair(left.getKey(), other, left.getValue(), after.remove(other)));
        } else {
          forbidden.forEach(
              difference ->
                  refusals.add(
                      left.getKey() + ": " + difference.text() + overlook(difference.kind())));
        }
      }
    }
    after.keySet().stream()
        .filter(subject -> before.keySet().stream().noneMatch(subject::resembles))
        .forEach(subject -> notes.add("only the candidate has runs of " + subject));
    return new Pairing(pairs, refusals, notes);
  }

  private static String overlook(Allowance kind) {
    return " (--allow " + kind.key() + " overlooks it)";
  }

  private static String text(Subject subject, Subject other) {
    return subject.differences(other).stream()
        .map(Subject.Difference::text)
        .collect(Collectors.joining(", "));
  }

  private static Map<Subject, List<Run>> bySubject(RunSet set) {
    Map<Subject, List<Run>> groups = new LinkedHashMap<>();
    for (Run run : set.runs()) {
      groups.computeIfAbsent(Subject.of(run.info()), _ -> new ArrayList<>()).add(run);
    }
    return groups;
  }
}
