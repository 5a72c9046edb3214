package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.spec.UnknownCosts;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.target.Deployment;
import io.adaspec.workload.prompt.Prompt;
import io.adaspec.workload.prompt.PromptSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Records rollouts: the target continues every prompt greedily through the real engine while the
/// draft proposes at every position.
public final class RolloutRecording {
  /// Told after every step.
  @FunctionalInterface
  public interface Progress {
    /// @param tokens generated so far
    void update(long tokens, long total);
  }

  /// What came of it.
  ///
  /// @param cutPrompts prompts that did not fit the context and were recorded from a beginning of
  ///   theirs
  /// @param disagreements positions at which the continuation and the ranks differ in what is
  ///   accepted: two forwards of other shape, of nearly equal choices. The ranks count.
  public record Result(Rollouts rollouts, int cutPrompts, long disagreements) {}

  private final Deployment deployment;
  private final int tokens;
  private final int depth;
  private final int width;

  /// @param tokens positions per prompt, `L`
  /// @param depth `K`
  /// @param width `m`
  /// @throws IllegalArgumentException where the context has no room for that
  public RolloutRecording(Deployment deployment, int tokens, int depth, int width) {
    this.deployment = deployment;
    this.tokens = tokens;
    this.depth = depth;
    this.width = width;
    int context = deployment.limits().scheduler().maxContext();
    if (generated() + 2 > context) {
      throw new IllegalArgumentException(
          "%d tokens and continuations of %d do not fit the context of %d"
              .formatted(tokens, depth, context));
    }
  }

  /// The first token, those recorded, and what the continuations of the last ones are compared with
  /// and need room for.
  private int generated() {
    return 1 + tokens + 2 * depth;
  }

  /// @param recordedAt ISO-8601 instant
  /// @throws IllegalStateException where the engine failed, or its cache had no room for drafts
  public Result record(PromptSet prompts, String recordedAt, Clock clock, Progress progress) {
    int room = deployment.limits().scheduler().maxContext() - generated();
    List<int[]> encoded = new ArrayList<>();
    int cut = 0;
    for (Prompt prompt : prompts.prompts()) {
      int[] whole = deployment.codec().encodePrompt(prompt.text());
      encoded.add(whole.length > room ? Arrays.copyOf(whole, room) : whole);
      cut += whole.length > room ? 1 : 0;
    }
    RolloutPolicy policy = new RolloutPolicy(depth, width);
    Followed followed = new Followed();
    generate(encoded, policy, followed, clock, progress);
    List<Rollouts.Generation> generations = new ArrayList<>();
    long disagreements = 0;
    for (int id = 0; id < encoded.size(); id++) {
      Prompt prompt = prompts.prompts().get(id);
      RolloutPolicy.Notes notes = complete(prompt, policy.take(id));
      byte[] accepted = new byte[tokens];
      for (int t = 0; t < tokens; t++) {
        accepted[t] = notes.acceptedByRank(t);
        disagreements += accepted[t] == notes.accepted(t) ? 0 : 1;
      }
      int[] text = Arrays.copyOf(encoded.get(id), encoded.get(id).length + 1);
      text[text.length - 1] = followed.firstTokens.get((long) id);
      generations.add(
          new Rollouts.Generation(
              prompt.id(),
              prompt.category(),
              text,
              notes.tokens(tokens),
              notes.ranks(tokens),
              accepted,
              notes.alternatives(tokens),
              notes.continuation(tokens)));
    }
    Rollouts rollouts = new Rollouts(header(prompts, recordedAt), generations);
    return new Result(rollouts, cut, disagreements);
  }

  private void generate(
      List<int[]> prompts,
      RolloutPolicy policy,
      Followed followed,
      Clock clock,
      Progress progress) {
    Engine engine =
        new Engine(
            deployment.limits(),
            deployment.executor(),
            policy.spec(),
            new UnknownCosts(),
            clock,
            step -> {},
            followed::accept);
    for (int id = 0; id < prompts.size(); id++) {
      engine.submit(Request.greedy(id, prompts.get(id), generated(), clock.nanos()));
    }
    while (engine.hasWork()) {
      engine.step();
      progress.update(followed.emitted, (long) prompts.size() * generated());
    }
  }

  private RolloutPolicy.Notes complete(Prompt prompt, RolloutPolicy.Notes notes) {
    int drafted = notes == null ? 0 : notes.length();
    if (drafted < tokens + depth) {
      throw new IllegalStateException(
          "prompt %s: only %d of %d positions were drafted in full; give the cache more blocks"
              .formatted(prompt.id(), drafted, tokens + depth));
    }
    return notes;
  }

  /// What the target generated.
  private static final class Followed {
    private final Map<Long, Integer> firstTokens = new HashMap<>();
    private long emitted;

    void accept(TokenEvent event) {
      if (event.finish() != null && !event.finish().reason().completed()) {
        throw new IllegalStateException(
            "prompt %d: %s".formatted(event.requestId(), event.finish().detail()));
      }
      emitted += event.tokens().length;
      if (event.tokens().length > 0) {
        firstTokens.putIfAbsent(event.requestId(), event.tokens()[0]);
      }
    }
  }

  private Rollouts.Header header(PromptSet prompts, String recordedAt) {
    return new Rollouts.Header(
        Rollouts.FORMAT_VERSION,
        recordedAt,
        new Rollouts.Model(deployment.target(), deployment.key().target()),
        new Rollouts.Model(deployment.draft().orElseThrow(), deployment.key().draft()),
        deployment.key().dtype(),
        deployment.versions(),
        new Rollouts.Prompts(prompts.name(), prompts.sha256()),
        deployment.executor().vocabularySize(),
        depth,
        width);
  }
}
