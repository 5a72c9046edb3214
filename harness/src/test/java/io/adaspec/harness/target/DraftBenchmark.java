package io.adaspec.harness.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.UnknownCosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// What drafting by a chat model's own first layers gives, by category of Spec-Bench: acceptance, and
/// time of the decode steps against autoregressive decoding of the same requests right before.
///
/// Arguments: GGUF file or directory, prompts, prompts per category, longest reply, batch, layers of
/// the self-draft (0 for none), dtype, policies.
public final class DraftBenchmark {
  private static final int LONGEST_PROMPT = 2500;
  private static final Map<String, String> GROUPS =
      Map.of(
          "translation", "translation",
          "summarization", "summarization",
          "qa", "qa",
          "rag", "rag",
          "math_reasoning", "math_reasoning");

  private final Deployment deployment;
  private final int maxTokens;

  private DraftBenchmark(Deployment deployment, int maxTokens) {
    this.deployment = deployment;
    this.maxTokens = maxTokens;
  }

  /// Sums over the decode steps without prompt chunks.
  private static final class Sums {
    private long nanos;
    private long emitted;
    private long verified;
    private long accepted;
    private long draftNanos;

    private final Map<Long, List<Integer>> outputs = new TreeMap<>();

    void add(StepRecord step) {
      if (step.prefillTokens() == 0) {
        nanos += step.totalNanos();
        draftNanos += step.draftNanos();
        emitted += step.emitted();
        verified += step.verified();
        accepted += step.accepted();
      }
    }

    double nanosPerToken() {
      return (double) nanos / emitted;
    }
  }

  public static void main(String[] arguments) throws IOException {
    int batch = Integer.parseInt(arguments[4]);
    int layers = Integer.parseInt(arguments[5]);
    Optional<DraftModel> draft =
        layers == 0 ? Optional.empty() : Optional.of(new DraftModel.FirstLayers(layers));
    DeploymentLoader.Spec spec =
        new DeploymentLoader.Spec(
            Path.of(arguments[0]),
            draft,
            "cpu",
            arguments[6],
            0,
            DraftSampling.DETERMINISTIC,
            new DeploymentLoader.Limits(
                batch, 512, OptionalInt.of(1024), OptionalInt.empty(), 16));
    try (Deployment deployment = new DjlLoader().load(spec)) {
      DraftBenchmark benchmark =
          new DraftBenchmark(deployment, Integer.parseInt(arguments[3]));
      benchmark.table(
          prompts(Path.of(arguments[1]), Integer.parseInt(arguments[2])),
          List.of(arguments).subList(7, arguments.length),
          layers,
          batch);
    }
  }

  private static Map<String, List<String>> prompts(Path file, int perGroup) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode prompt = json.readTree(line);
      String text = prompt.path("turns").get(0).asText();
      String group = GROUPS.getOrDefault(prompt.path("category").asText(), "multi-turn");
      List<String> texts = groups.computeIfAbsent(group, g -> new ArrayList<>());
      if (texts.size() < perGroup && text.length() < LONGEST_PROMPT) {
        texts.add(text);
      }
    }
    return groups;
  }

  private void table(
      Map<String, List<String>> groups, List<String> policies, int layers, int batch) {
    serve(groups.values().iterator().next(), "autoregressive");
    System.out.printf(
        "self:%d, batch %d%n%-15s %-18s %9s %7s %7s %7s %9s %5s%n",
        layers, batch, "category", "policy", "ms/token", "speedup", "accept%", "length", "draft ms",
        "same");
    Map<String, double[]> logSpeedups = new LinkedHashMap<>();
    groups.forEach(
        (group, texts) -> {
          for (String policy : policies) {
            // Just before and just after: a machine that is shared changes its speed.
            Sums before = serve(texts, "autoregressive");
            Sums own = serve(texts, policy);
            Sums after = serve(texts, "autoregressive");
            double plain = (before.nanosPerToken() + after.nanosPerToken()) / 2;
            double speedup = plain / own.nanosPerToken();
            double[] logs = logSpeedups.computeIfAbsent(policy, p -> new double[2]);
            logs[0] += Math.log(speedup);
            logs[1]++;
            long steps = own.emitted - own.accepted;
            System.out.printf(
                "%-15s %-18s %9.2f %7.2f %7.1f %7.2f %9.2f %5s%n",
                group,
                policy,
                own.nanosPerToken() / 1e6,
                speedup,
                100.0 * own.accepted / Math.max(1, own.verified),
                (double) own.emitted / steps,
                own.draftNanos / 1e6 / steps,
                own.outputs.equals(before.outputs));
          }
        });
    logSpeedups.forEach(
        (policy, logs) ->
            System.out.printf(
                "%-15s %-18s %9s %7.2f%n", "geometric mean", policy, "", Math.exp(logs[0] / logs[1])));
  }

  private Sums serve(List<String> texts, String policy) {
    Sums sums = new Sums();
    PolicySpec spec = Policies.parse(policy);
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            spec,
            new UnknownCosts(),
            Clock.system(),
            sums::add,
            event -> {
              List<Integer> output =
                  sums.outputs.computeIfAbsent(event.requestId(), id -> new ArrayList<>());
              for (int token : event.tokens()) {
                output.add(token);
              }
            });
    for (int id = 0; id < texts.size(); id++) {
      int[] prompt = deployment.codec().encodeChat(texts.get(id)).orElseThrow();
      engine.submit(
          new Request(
              id,
              prompt,
              maxTokens,
              deployment.codec().stopTokens(),
              SamplingParams.GREEDY,
              Slo.UNCONSTRAINED,
              0));
    }
    while (engine.hasWork()) {
      engine.step();
    }
    return sums;
  }
}
