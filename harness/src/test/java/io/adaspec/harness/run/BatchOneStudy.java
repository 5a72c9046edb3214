package io.adaspec.harness.run;

import static java.util.Locale.ROOT;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.Policies;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// Time per output token and of whole replies at batch 1 against autoregressive decoding and
/// against a fixed length, by domain, on the embedded pair: see `docs/performance.md`.
///
/// Every prompt is decoded by every policy before the next prompt, and which policy comes first
/// rotates: a host whose speed drifts over more than a second slows all policies alike. Each policy
/// has one engine throughout. Arguments, all optional: output tokens (96), rounds over all prompts
/// (3), prompts per domain (all).
public final class BatchOneStudy {
  private static final List<String> POLICIES =
      List.of("autoregressive", "fixed:1", "fixed:3", "adaspec", "adaspec-plus", "prompt-lookup");

  /// A replay's, so that the latency profile is one of a replay, too.
  private static final int MAX_BATCH = 16;

  private static final int WARM_UP_PROMPTS = 8;
  private static final int RESAMPLES = 10_000;

  /// Of one reply.
  private record Times(double perToken, double reply) {}

  /// One policy's engine, and what it has done since the warm-up.
  private static final class Contestant {
    private final String policy;
    private final Engine engine;
    private final List<Integer> output = new ArrayList<>();
    private long submittedNanos;
    private long firstNanos;
    private long lastNanos;
    private long steps;
    private long decoded;
    private long forwards;
    private long draftNanos;
    private long verifyNanos;
    private long policyNanos;
    private long totalNanos;

    Contestant(String policy, EmbeddedPair pair) {
      this.policy = policy;
      this.engine =
          new Engine(
              pair.deployment().limits(),
              pair.deployment().executor(),
              Policies.parse(policy),
              new ProfiledCostModel(pair.profile()),
              Clock.system(),
              this::onStep,
              this::onTokens);
    }

    /// Nanoseconds per output token after the first, and of the whole reply.
    Times decode(EmbeddedPair pair, Prompt prompt, int outputTokens) {
      output.clear();
      submittedNanos = Clock.system().nanos();
      engine.submit(pair.request(0, prompt, outputTokens));
      while (engine.hasWork()) {
        engine.step();
      }
      if (output.size() != outputTokens) {
        throw new IllegalStateException(
            "%s: %d tokens of %d for %s"
                .formatted(policy, output.size(), outputTokens, prompt.id()));
      }
      return new Times(
          (double) (lastNanos - firstNanos) / (outputTokens - 1), lastNanos - submittedNanos);
    }

    void forget() {
      steps = decoded = forwards = draftNanos = verifyNanos = policyNanos = totalNanos = 0;
    }

    private void onTokens(TokenEvent event) {
      if (event.tokens().length > 0) {
        firstNanos = output.isEmpty() ? event.nanos() : firstNanos;
        lastNanos = event.nanos();
      }
      Arrays.stream(event.tokens()).forEach(output::add);
    }

    private void onStep(StepRecord step) {
      if (step.prefills() == 0) {
        steps++;
        decoded += step.emitted();
        forwards += step.draftForwards();
        draftNanos += step.draftNanos();
        verifyNanos += step.verifyNanos();
        policyNanos += step.policyNanos();
        totalNanos += step.totalNanos();
      }
    }
  }

  private BatchOneStudy() {}

  public static void main(String[] arguments) throws IOException {
    int outputTokens = argument(arguments, 0, 96);
    int rounds = argument(arguments, 1, 3);
    int perDomain = argument(arguments, 2, Integer.MAX_VALUE);
    Map<String, List<Prompt>> domains = PromptSet.embedded().byCategory();
    List<Prompt> prompts =
        domains.values().stream().flatMap(all -> all.stream().limit(perDomain)).toList();
    try (EmbeddedPair pair = EmbeddedPair.open(MAX_BATCH)) {
      List<Contestant> contestants = POLICIES.stream().map(p -> new Contestant(p, pair)).toList();
      for (int i = 0; i < WARM_UP_PROMPTS; i++) {
        Prompt prompt = prompts.get(i * prompts.size() / WARM_UP_PROMPTS);
        decodeByAll(pair, contestants, prompt, outputTokens, i);
      }
      contestants.forEach(Contestant::forget);
      double[][] perToken = new double[prompts.size()][POLICIES.size()]; // mean logarithms
      double[][] replies = new double[prompts.size()][POLICIES.size()];
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < prompts.size(); i++) {
          Times[] times = decodeByAll(pair, contestants, prompts.get(i), outputTokens, round + i);
          for (int p = 0; p < times.length; p++) {
            perToken[i][p] += Math.log(times[p].perToken()) / rounds;
            replies[i][p] += Math.log(times[p].reply()) / rounds;
          }
        }
      }
      print("%d prompts, %d output tokens, %d rounds", prompts.size(), outputTokens, rounds);
      ratios("TPOT", 0, domains, prompts, perToken);
      ratios("time of the reply", POLICIES.indexOf("fixed:3"), domains, prompts, replies);
      costs(contestants);
    }
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    if (arguments.length <= index) {
      return otherwise;
    }
    int value = Integer.parseInt(arguments[index]);
    if (value < (index == 0 ? 2 : 1)) {
      throw new IllegalArgumentException("argument " + (index + 1) + " is too small: " + value);
    }
    return value;
  }

  /// In the order of the contestants.
  ///
  /// @throws IllegalStateException where a policy changes the text
  private static Times[] decodeByAll(
      EmbeddedPair pair, List<Contestant> contestants, Prompt prompt, int outputTokens, int first) {
    Times[] times = new Times[contestants.size()];
    for (int i = 0; i < times.length; i++) {
      int next = (first + i) % times.length;
      times[next] = contestants.get(next).decode(pair, prompt, outputTokens);
    }
    for (Contestant contestant : contestants) {
      if (!contestant.output.equals(contestants.getFirst().output)) {
        throw new IllegalStateException(contestant.policy + " changes the reply to " + prompt.id());
      }
    }
    return times;
  }

  private static void ratios(
      String what,
      int reference,
      Map<String, List<Prompt>> domains,
      List<Prompt> prompts,
      double[][] logarithms) {
    print("");
    print(
        "%s / %s of %s, geometric mean over prompts [95 %% bootstrap interval]",
        what, what, POLICIES.get(reference));
    print("");
    print("| domain | %s |", String.join(" | ", others(reference)));
    print("|---|%s", "---|".repeat(POLICIES.size() - 1));
    for (String domain : domains.keySet()) {
      row(
          domain,
          reference,
          IntStream.range(0, prompts.size())
              .filter(i -> prompts.get(i).category().equals(domain))
              .mapToObj(i -> logarithms[i])
              .toList());
    }
    row("all", reference, List.of(logarithms));
  }

  private static List<String> others(int reference) {
    return POLICIES.stream().filter(policy -> !policy.equals(POLICIES.get(reference))).toList();
  }

  private static void row(String name, int reference, List<double[]> logarithms) {
    StringBuilder cells = new StringBuilder();
    for (String other : others(reference)) {
      int policy = POLICIES.indexOf(other);
      double[] values = logarithms.stream().mapToDouble(of -> of[policy] - of[reference]).toArray();
      double[] means = resampledMeans(values);
      cells.append(
          String.format(
              ROOT,
              " %.3f [%.3f, %.3f] |",
              Math.exp(Arrays.stream(values).average().orElseThrow()),
              Math.exp(means[RESAMPLES / 40]),
              Math.exp(means[RESAMPLES - 1 - RESAMPLES / 40])));
    }
    print("| %s |%s", name, cells);
  }

  /// Means of samples drawn with replacement, in ascending order.
  private static double[] resampledMeans(double[] values) {
    Random random = new Random(1);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      for (int i = 0; i < values.length; i++) {
        means[r] += values[random.nextInt(values.length)] / values.length;
      }
    }
    Arrays.sort(means);
    return means;
  }

  private static void costs(List<Contestant> contestants) {
    print("");
    print(
        "| policy | tokens/step | draft forwards/step | ms/draft forward | ms/target forward |"
            + " ms/step | policy's share |");
    print("|---|---:|---:|---:|---:|---:|---:|");
    for (Contestant c : contestants) {
      print(
          "| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f %% |",
          c.policy,
          (double) c.decoded / c.steps,
          (double) c.forwards / c.steps,
          c.forwards == 0 ? 0 : c.draftNanos / 1e6 / c.forwards,
          c.verifyNanos / 1e6 / c.steps,
          c.totalNanos / 1e6 / c.steps,
          100.0 * c.policyNanos / c.totalNanos);
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(ROOT, format, arguments));
  }
}
