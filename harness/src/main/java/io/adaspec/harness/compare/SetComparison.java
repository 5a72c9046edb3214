package io.adaspec.harness.compare;

import io.adaspec.harness.compare.ChangeEstimator.Repetition;
import io.adaspec.harness.compare.Comparison.Group;
import io.adaspec.harness.compare.Comparison.Row;
import io.adaspec.harness.compare.Pairing.Pair;
import io.adaspec.harness.compare.RunSet.Run;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.report.RunReport;
import io.adaspec.harness.report.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Compares two sets of runs: deterministic ones exactly, real ones by statistics.
public final class SetComparison {
  private final Options options;
  private final RunCache cache;
  private final Pairing pairing;
  private final List<String> refusals = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private SetComparison(Options options, Pairing pairing) {
    this.options = options;
    this.pairing = pairing;
    this.cache = new RunCache(options.steadyState());
    refusals.addAll(pairing.refusals());
    notes.addAll(pairing.notes());
  }

  /// @throws IOException naming a file that cannot be read
  public static Comparison of(RunSet baseline, RunSet candidate, Options options)
      throws IOException {
    SetComparison comparison =
        new SetComparison(options, Pairing.of(baseline, candidate, options.allowed()));
    List<Group> groups = comparison.groups();
    return new Comparison(
        baseline.path().toString(),
        candidate.path().toString(),
        groups,
        comparison.refusals,
        comparison.notes);
  }

  private List<Group> groups() throws IOException {
    List<Group> groups = new ArrayList<>();
    List<RealGroup> real = new ArrayList<>();
    for (Pair pair : pairing.pairs()) {
      if (!comparable(pair)) {
        continue;
      }
      differences(pair);
      if (isReal(pair)) {
        real.add(estimated(pair));
      } else {
        groups.add(exact(pair));
      }
    }
    groups.addAll(RealGroup.judged(real, options));
    if (refusals.isEmpty()) {
      refuseEmptyGates(groups);
    }
    return groups;
  }

  /// A gate that nothing can fail is no gate.
  private void refuseEmptyGates(List<Group> groups) {
    Set<Measure> gated =
        groups.stream()
            .flatMap(group -> group.rows().stream())
            .filter(Row::gated)
            .map(Row::measure)
            .collect(Collectors.toSet());
    if (gated.isEmpty() && !options.absolute()) {
      refusals.add(
          "no gated measure is there to compare: real runs are gated by their ratio to the policy "
              + options.reference()
              + " of the same set, which needs runs of it and of another policy on both sides"
              + " (--reference names another, --absolute compares times of one machine)");
      return;
    }
    for (Measure measure : options.gates().chosen()) {
      if (!gated.contains(measure)) {
        refusals.add(measure.key() + " is gated, and no pair of runs defines it");
      }
    }
    if (gated.isEmpty() && refusals.isEmpty()) {
      refusals.add("no gated measure is there to compare");
    }
  }

  private static boolean isReal(Pair pair) {
    return pair.subject().acceptance() == RunInfo.Provenance.REAL
        || pair.candidateSubject().acceptance() == RunInfo.Provenance.REAL;
  }

  /// Refuses runs that are not valid, and absolute times of different machines.
  private boolean comparable(Pair pair) throws IOException {
    int before = refusals.size();
    for (Run run : both(pair)) {
      RunReport report = cache.report(run);
      if (!report.validity().valid()) {
        String failed =
            report.validity().broken().stream()
                .map(check -> check.name() + ": " + check.detail())
                .collect(Collectors.joining("; "));
        refuse(Allowance.INVALID, run.directory().path() + " is INVALID (" + failed + ")");
      }
    }
    RunInfo first = pair.baseline().getFirst().info();
    if (options.absolute() && isReal(pair)) {
      for (Run run : both(pair)) {
        if (!run.info().device().equals(first.device())
            || !Objects.equals(run.info().host(), first.host())) {
          refuse(
              Allowance.DEVICE,
              "%s ran on %s, %s on %s: absolute times of two machines do not compare"
                  .formatted(
                      pair.baseline().getFirst().directory().path(),
                      machine(first),
                      run.directory().path(),
                      machine(run.info())));
        }
      }
    }
    return refusals.size() == before;
  }

  private void refuse(Allowance kind, String reason) {
    if (options.allowed().contains(kind)) {
      notes.add("overlooked: " + reason);
    } else {
      refusals.add(reason + " (--allow " + kind.key() + " overlooks it)");
    }
  }

  private static String machine(RunInfo info) {
    return info.device() + " (" + info.host() + ")";
  }

  private static List<Run> both(Pair pair) {
    return Stream.concat(pair.baseline().stream(), pair.candidate().stream()).toList();
  }

  /// Notes what else was different.
  private void differences(Pair pair) {
    ConfigDifferences.of(
            pair.baseline().getFirst().info().config(), pair.candidate().getFirst().info().config())
        .forEach(
            difference -> {
              String note = pair.subject().policy() + ": " + difference;
              if (!notes.contains(note)) {
                notes.add(note);
              }
            });
  }

  private Group exact(Pair pair) throws IOException {
    Run before = pair.baseline().getFirst();
    Run after = pair.candidate().getFirst();
    Window window = cache.window(List.of(before, after));
    List<String> told = new ArrayList<>();
    ExactComparison.Records records =
        ExactComparison.records(before.directory(), after.directory());
    told.add(records.toString());
    for (Run run : both(pair)) {
      Run first = pair.baseline().contains(run) ? before : after;
      if (!run.equals(first) && !equalRecords(first, run)) {
        refusals.add(
            "%s and %s are runs of one deterministic simulation and differ"
                .formatted(first.directory().path(), run.directory().path()));
      }
    }
    return new Group(
        pair.subject().policy(),
        pair.subject().workload(),
        pair.subject().seed(),
        pair.subject().target(),
        true,
        "",
        pair.baseline().size(),
        pair.candidate().size(),
        records.differing(),
        "",
        ExactComparison.rows(
            options.gates(), cache.summary(before, window), cache.summary(after, window)),
        told);
  }

  private static boolean equalRecords(Run one, Run other) throws IOException {
    return ExactComparison.records(one.directory(), other.directory()).equal();
  }

  private RealGroup estimated(Pair pair) throws IOException {
    Optional<Pair> reference = options.absolute() ? Optional.empty() : reference(pair);
    List<Run> runs = new ArrayList<>(both(pair));
    reference.ifPresent(other -> runs.addAll(both(other)));
    Window window = cache.window(runs);
    boolean isReference = pair.subject().policy().equals(options.reference());
    List<String> told = new ArrayList<>();
    if (options.steadyState()) {
      told.add(steadyState(window));
    }
    ChangeEstimator estimator =
        new ChangeEstimator(
            options.settings(),
            repetitions(pair.baseline(), reference.map(Pair::baseline), window, told),
            repetitions(pair.candidate(), reference.map(Pair::candidate), window, told));
    Map<Measure, Estimate> estimates = estimator.estimate(options.gates().real());
    boolean comparesTimes = options.absolute() || (reference.isPresent() && !isReference);
    return new RealGroup(pair, reference.isPresent(), comparesTimes, estimator, estimates, told);
  }

  private static String steadyState(Window window) {
    return window.equals(Window.ALL)
        ? "no common steady state was found: nothing is left out"
        : "steady state only: scheduled arrivals from %.1f to %.1f s"
            .formatted(window.fromNanos() / 1e9, window.toNanos() / 1e9);
  }

  private Optional<Pair> reference(Pair pair) {
    if (pair.subject().policy().equals(options.reference())) {
      return Optional.empty();
    }
    return pairing.pairs().stream()
        .filter(
            other ->
                other.subject().equals(pair.subject().withPolicy(options.reference()))
                    && other
                        .candidateSubject()
                        .equals(pair.candidateSubject().withPolicy(options.reference())))
        .findFirst();
  }

  /// The i-th run with the i-th run of the reference, which ran next to it.
  private List<Repetition> repetitions(
      List<Run> runs, Optional<List<Run>> references, Window window, List<String> told)
      throws IOException {
    int count = Math.min(runs.size(), references.map(List::size).orElse(Integer.MAX_VALUE));
    if (references.isPresent() && references.get().size() != runs.size()) {
      told.add(
          "%d runs and %d of the reference: the first %d of each are compared"
              .formatted(runs.size(), references.get().size(), count));
    }
    List<Repetition> repetitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      repetitions.add(
          new Repetition(
              cache.resampler(runs.get(i), window),
              references.isPresent() ? cache.resampler(references.get().get(i), window) : null));
    }
    return repetitions;
  }
}
