package io.adaspec.harness.compare;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.compare.ChangeEstimator.Repetition;
import io.adaspec.harness.compare.Comparison.Row;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.workload.random.RandomStreams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Runs the statistical gate over and over on [Populations], with and without a planted regression,
/// through the same judgement as the command.
///
/// @param requests per run
/// @param load of the servers
/// @param noise of a request's times
/// @param runs per side
/// @param ratio to a reference policy of the same set
/// @param runDeviation true deviation between runs, relative
/// @param assumedDeviation what the gate assumes of single runs
record GateTrials(
    int requests,
    double load,
    double noise,
    int runs,
    boolean ratio,
    double runDeviation,
    double assumedDeviation) {
  private static final int RESAMPLES = 300;

  /// How often, of all trials, the gate failed the build; called something better; could not trust
  /// single runs because their requests depend on each other for too long.
  record Rates(double worse, double better, double distrusted) {
    private static Rates of(List<Comparison> comparisons) {
      return new Rates(
          share(comparisons, row -> row.is(Verdict.WORSE)),
          share(comparisons, row -> row.is(Verdict.BETTER)),
          share(comparisons, row -> row.remark().startsWith("requests depend")));
    }

    private static double share(List<Comparison> comparisons, Predicate<Row> any) {
      return comparisons.stream().filter(comparison -> comparison.gated().anyMatch(any)).count()
          / (double) comparisons.size();
    }
  }

  /// @param slowdown of the candidate's service times, 0.05 for 5 %
  /// @return the rates by gates
  List<Rates> rates(int trials, double slowdown, long seed, List<Gates> gates) {
    List<List<Comparison>> comparisons =
        IntStream.range(0, trials)
            .parallel()
            .mapToObj(trial -> trial(slowdown, seed + trial, gates))
            .toList();
    return IntStream.range(0, gates.size())
        .mapToObj(g -> Rates.of(comparisons.stream().map(all -> all.get(g)).toList()))
        .toList();
  }

  private List<Comparison> trial(double slowdown, long seed, List<Gates> gates) {
    Populations workload = new Populations(requests, load, seed);
    UniformRandomProvider random = RandomStreams.of(seed, 2);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    ChangeEstimator estimator =
        new ChangeEstimator(
            options(gates.getFirst()).settings(),
            side(workload, 1, random, normal),
            side(workload, 1 + slowdown, random, normal));
    Map<Measure, Estimate> estimates = estimator.estimate(Gates.DEFAULT_REAL);
    return gates.stream()
        .map(
            gate -> {
              Map<Measure, Estimate> gated = new LinkedHashMap<>(estimates);
              gated.keySet().removeIf(measure -> gate.real(measure).isEmpty());
              RealGroup group = new RealGroup(PAIR, ratio, true, estimator, gated, List.of());
              return new Comparison(
                  "", "", RealGroup.judged(List.of(group), options(gate)), List.of(), List.of());
            })
        .toList();
  }

  private Options options(Gates gates) {
    return new Options(
        gates, Set.of(), "autoregressive", !ratio, false, RESAMPLES, 1, assumedDeviation);
  }

  private List<Repetition> side(
      Populations workload,
      double pace,
      UniformRandomProvider random,
      ZigguratSampler.NormalizedGaussian normal) {
    List<Repetition> repetitions = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      double own = pace * Math.exp(runDeviation * normal.sample());
      double other = 1.1 * Math.exp(runDeviation * normal.sample());
      repetitions.add(
          new Repetition(
              workload.run(own, noise, random.nextLong()),
              ratio ? workload.run(other, noise, random.nextLong()) : null));
    }
    return repetitions;
  }

  private static final Subject SUBJECT =
      Subject.of(
          RunInfo.started(
              "2026-01-02T03:04:05Z",
              "queue",
              "adaspec",
              0,
              RunInfo.Provenance.REAL,
              Slo.UNCONSTRAINED,
              new RunInfo.Workload("poisson", "abc123", 1, 1, 1),
              Map.of(),
              Map.of(),
              "",
              "cpu",
              new RunInfo.Host("a cpu", 2, "Linux")));

  private static final Pairing.Pair PAIR = new Pairing.Pair(SUBJECT, SUBJECT, List.of(), List.of());
}
