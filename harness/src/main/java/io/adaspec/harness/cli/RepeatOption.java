package io.adaspec.harness.cli;

import io.adaspec.engine.spec.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/// How often every policy is run.
final class RepeatOption {
  private static final int MOST = 1000;

  /// One run of the call.
  ///
  /// @param number its place in the order of the results, from 0
  record Run(int number, PolicySpec policy) {}

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description =
          "Run every policy N times, with the seeds SEED, SEED+1, ..., each into a directory of its"
              + " own, and end in means with confidence intervals; the order of the policies is"
              + " reversed from one seed to the next, so that a drift of the host favours none"
              + " (default: ${DEFAULT-VALUE}).")
  int repeat = 1;

  /// @throws IllegalArgumentException where the number does not fit
  List<Long> seeds(long first) {
    if (repeat < 1 || repeat > MOST) {
      throw new IllegalArgumentException("--repeat must be in 1.." + MOST + ": " + repeat);
    }
    return LongStream.range(0, repeat).mapToObj(i -> first + i).toList();
  }

  /// A name per policy and seed, seed after seed, policies in the order given.
  List<String> names(List<PolicySpec> policies, List<Long> seeds) {
    List<String> names = new ArrayList<>();
    for (long seed : seeds) {
      for (PolicySpec policy : policies) {
        names.add(seeds.size() == 1 ? policy.name() : policy.name() + "-seed" + seed);
      }
    }
    return names;
  }

  /// Says which run comes.
  void announce(Environment environment, List<PolicySpec> policies, Run run, long seed) {
    environment.say("");
    environment.say(
        "Policy %s (%d of %d)%s"
            .formatted(
                run.policy().name(),
                run.number() % policies.size() + 1,
                policies.size(),
                repeat == 1 ? "" : ", seed " + seed));
  }

  /// The runs of one seed in the order in which they are made.
  ///
  /// @param round number of the seed, from 0
  static List<Run> round(List<PolicySpec> policies, int round) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      runs.add(new Run(round * policies.size() + i, policies.get(i)));
    }
    return round % 2 == 0 ? runs : runs.reversed();
  }
}
