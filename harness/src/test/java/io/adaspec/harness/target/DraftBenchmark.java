package io.adaspec.harness.target;

import static java.util.Locale.ROOT;

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
import java.util.function.Function;

/// What drafts of a chat model give by category of Spec-Bench: acceptance, and time per token of
/// the decode steps against autoregressive decoding of the same prompts. See `docs/models.md`.
///
/// Every group of `batch` prompts is served by every contestant before the next group, and which
/// comes first rotates: a machine whose speed drifts slows all of them alike.
///
/// Arguments: target (directory or GGUF file), draft directory or `-`, Spec-Bench's prompts, prompts
/// per category, tokens per reply, batch, type of the weights, then contestants besides
/// `autoregressive`: `POLICY` without a draft model or with that of the second argument, or
/// `self:N/POLICY`.
public final class DraftBenchmark {
  private static final int LONGEST_PROMPT = 3200;
  private static final List<String> GROUPS =
      List.of("translation", "summarization", "qa", "rag", "math_reasoning");

  /// Sums over decode steps without prompt chunks.
  private static final class Sums {
    private long nanos;
    private long draftNanos;
    private long emitted;
    private long verified;
    private long accepted;

    void add(StepRecord step) {
      if (step.prefillTokens() == 0) {
        nanos += step.totalNanos();
        draftNanos += step.draftNanos();
        emitted += step.emitted();
        verified += step.verified();
        accepted += step.accepted();
      }
    }

    void add(Sums other) {
      nanos += other.nanos;
      draftNanos += other.draftNanos;
      emitted += other.emitted;
      verified += other.verified;
      accepted += other.accepted;
    }

    double nanosPerToken() {
      return (double) nanos / emitted;
    }
  }

  /// A policy on models of its own.
  private record Contestant(
      String name, PolicySpec policy, Deployment deployment, Map<String, Sums> byCategory) {}

  /// A contestant's work on one group of prompts.
  private record Served(Sums sums, Map<Long, List<Integer>> replies) {}

  private final List<Contestant> contestants = new ArrayList<>();
  private final int replyTokens;
  private int differing;
  private int served;

  private DraftBenchmark(int replyTokens) {
    this.replyTokens = replyTokens;
  }

  public static void main(String[] arguments) throws IOException {
    int batch = Integer.parseInt(arguments[5]);
    DraftBenchmark benchmark = new DraftBenchmark(Integer.parseInt(arguments[4]));
    Map<String, List<String>> prompts =
        prompts(Path.of(arguments[2]), Integer.parseInt(arguments[3]));
    Map<Optional<DraftModel>, Deployment> loaded = new LinkedHashMap<>();
    try {
      List<String> names = new ArrayList<>(List.of("autoregressive"));
      names.addAll(List.of(arguments).subList(7, arguments.length));
      for (String name : names) {
        int slash = name.indexOf('/');
        PolicySpec policy = Policies.parse(name.substring(slash + 1));
        Optional<DraftModel> draft = draft(name, slash, policy, arguments[1]);
        Deployment deployment = loaded.get(draft);
        if (deployment == null) {
          deployment = load(Path.of(arguments[0]), draft, arguments[6], batch);
          loaded.put(draft, deployment);
        }
        benchmark.contestants.add(new Contestant(name, policy, deployment, new LinkedHashMap<>()));
      }
      benchmark.serve(prompts, batch);
      benchmark.print(prompts, batch);
    } finally {
      loaded.values().forEach(Deployment::close);
    }
  }

  private static Optional<DraftModel> draft(
      String name, int slash, PolicySpec policy, String separate) {
    if (slash > 0) {
      return Optional.of(new DraftModel.FirstLayers(Integer.parseInt(name, 5, slash, 10)));
    }
    return policy.source() == PolicySpec.Source.DRAFT_MODEL
        ? Optional.of(new DraftModel.Separate(Path.of(separate)))
        : Optional.empty();
  }

  private static Deployment load(
      Path target, Optional<DraftModel> draft, String dtype, int batch) throws IOException {
    return new DjlLoader()
        .load(
            new DeploymentLoader.Spec(
                target,
                draft,
                "cpu",
                dtype,
                0,
                DraftSampling.DETERMINISTIC,
                new DeploymentLoader.Limits(
                    batch, 512, OptionalInt.of(1024), OptionalInt.empty(), 16)));
  }

  private static Map<String, List<String>> prompts(Path file, int perCategory) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, List<String>> groups = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode prompt = json.readTree(line);
      String text = prompt.path("turns").get(0).asText();
      String category = prompt.path("category").asText();
      List<String> texts =
          groups.computeIfAbsent(
              GROUPS.contains(category) ? category : "multi-turn", g -> new ArrayList<>());
      if (texts.size() < perCategory && text.length() < LONGEST_PROMPT) {
        texts.add(text);
      }
    }
    return groups;
  }

  private void serve(Map<String, List<String>> prompts, int batch) {
    String some = prompts.values().iterator().next().getFirst();
    contestants.forEach(contestant -> serve(contestant, List.of(some), 8));
    int round = 0;
    for (Map.Entry<String, List<String>> category : prompts.entrySet()) {
      List<String> texts = category.getValue();
      for (int from = 0; from < texts.size(); from += batch) {
        List<String> group = texts.subList(from, Math.min(texts.size(), from + batch));
        Served[] all = new Served[contestants.size()];
        for (int i = 0; i < all.length; i++) {
          int next = (round + i) % all.length;
          all[next] = serve(contestants.get(next), group, replyTokens);
          contestants
              .get(next)
              .byCategory()
              .computeIfAbsent(category.getKey(), c -> new Sums())
              .add(all[next].sums());
        }
        for (int i = 1; i < all.length; i++) {
          served++;
          differing += all[i].replies().equals(all[0].replies()) ? 0 : 1;
        }
        round++;
      }
    }
  }

  private static Served serve(Contestant contestant, List<String> texts, int replyTokens) {
    Deployment deployment = contestant.deployment();
    Served served = new Served(new Sums(), new TreeMap<>());
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            contestant.policy(),
            new UnknownCosts(),
            Clock.system(),
            served.sums()::add,
            event -> {
              List<Integer> reply =
                  served.replies().computeIfAbsent(event.requestId(), id -> new ArrayList<>());
              for (int token : event.tokens()) {
                reply.add(token);
              }
            });
    for (int id = 0; id < texts.size(); id++) {
      engine.submit(
          new Request(
              id,
              deployment.codec().encodeChat(texts.get(id)).orElseThrow(),
              replyTokens,
              deployment.codec().stopTokens(),
              SamplingParams.GREEDY,
              Slo.UNCONSTRAINED,
              0));
    }
    while (engine.hasWork()) {
      engine.step();
    }
    return served;
  }

  private void print(Map<String, List<String>> prompts, int batch) {
    System.out.printf(
        ROOT,
        "batch %d, %d prompts, at most %d tokens each; replies that differ from autoregressive: %d of %d%n",
        batch,
        prompts.values().stream().mapToInt(List::size).sum(),
        replyTokens,
        differing,
        served);
    table(
        "accepted % of verified draft tokens",
        prompts,
        (own, plain) -> 100.0 * own.accepted / Math.max(1, own.verified),
        "%.1f");
    table(
        "speedup: ms per token of autoregressive / own",
        prompts,
        (own, plain) -> plain.nanosPerToken() / own.nanosPerToken(),
        "%.2f");
    table(
        "share of step time spent drafting, %",
        prompts,
        (own, plain) -> 100.0 * own.draftNanos / own.nanos,
        "%.1f");
  }

  private interface Cell {
    double of(Sums own, Sums plain);
  }

  private void table(String title, Map<String, List<String>> prompts, Cell cell, String format) {
    System.out.printf("%n%s%n%n| draft/policy | ", title);
    System.out.println(String.join(" | ", prompts.keySet()) + " | all |");
    System.out.println("|---|" + "---:|".repeat(prompts.size() + 1));
    for (Contestant contestant : contestants.subList(1, contestants.size())) {
      StringBuilder row = new StringBuilder("| " + contestant.name() + " |");
      Function<Double, String> formatted = value -> String.format(ROOT, " " + format + " |", value);
      for (String category : prompts.keySet()) {
        row.append(
            formatted.apply(
                cell.of(
                    contestant.byCategory().get(category),
                    contestants.getFirst().byCategory().get(category))));
      }
      row.append(formatted.apply(cell.of(all(contestant), all(contestants.getFirst()))));
      System.out.println(row);
    }
  }

  private static Sums all(Contestant contestant) {
    Sums all = new Sums();
    contestant.byCategory().values().forEach(all::add);
    return all;
  }
}
