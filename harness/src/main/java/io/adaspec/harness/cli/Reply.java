package io.adaspec.harness.cli;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.harness.run.SingleRequest;
import io.adaspec.harness.target.TextCodec;
import io.adaspec.harness.target.TextCodec.TextStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Prints a reply as it is generated, and then what speculation did for it.
///
/// Of the tokens that a step emits together, all but the last are draft tokens that the target
/// accepted; the last is the target's own.
final class Reply implements SingleRequest.Observer {
  private static final String DIM = "\033[2m";
  private static final String GREEN = "\033[32m";
  private static final String RESET = "\033[0m";
  private static final int BAR = 40;

  private final Environment environment;
  private final TextStream text;
  private final String prompt;
  private final long submittedNanos;
  private final Map<Integer, Integer> stepsByLength = new TreeMap<>();
  private long firstNanos;
  private long lastNanos;
  private int tokens;

  Reply(Environment environment, TextCodec codec, String prompt, long submittedNanos) {
    this.environment = environment;
    this.text = codec.stream();
    this.prompt = prompt;
    this.submittedNanos = submittedNanos;
  }

  @Override
  public void onTokens(TokenEvent event) {
    int count = event.tokens().length;
    if (count == 0) {
      return;
    }
    if (tokens == 0) {
      firstNanos = event.nanos();
      print(DIM, prompt);
    }
    lastNanos = event.nanos();
    tokens += count;
    StringBuilder accepted = new StringBuilder();
    for (int i = 0; i < count - 1; i++) {
      accepted.append(text.next(event.tokens()[i]));
    }
    print(GREEN, accepted.toString());
    environment.out().print(text.next(event.tokens()[count - 1]));
    environment.out().flush();
  }

  @Override
  public void onStep(StepRecord step) {
    if (step.batch() > 0) {
      stepsByLength.merge(step.verified(), 1, Integer::sum);
    }
  }

  private void print(String style, String piece) {
    if (!piece.isEmpty()) {
      environment.out().print(environment.color() ? style + piece + RESET : piece);
    }
  }

  /// Ends the text and prints the statistics.
  void end(Finish finish) {
    environment.out().println(text.finish());
    RequestStats stats = finish.stats();
    say("");
    say("%d tokens, after the first in %d decode steps", tokens, stats.decodeSteps());
    say(
        "  first token after %.1f ms, then %.1f tokens/s",
        (firstNanos - submittedNanos) / 1e6,
        tokens > 1 ? (tokens - 1) * 1e9 / (lastNanos - firstNanos) : 0.0);
    if (stats.drafted() > 0) {
      say(
          "  acceptance rate %.1f %%: %d draft tokens, %d verified, %d accepted",
          100.0 * stats.accepted() / Math.max(1, stats.verified()),
          stats.drafted(),
          stats.verified(),
          stats.accepted());
      say(
          "  acceptance length %.2f tokens per speculative step",
          1 + (double) stats.accepted() / Math.max(1, stats.speculativeSteps()));
    }
    say("  decode steps by draft tokens verified (k):");
    int most = stepsByLength.values().stream().mapToInt(n -> n).max().orElse(1);
    stepsByLength.forEach(
        (k, steps) -> say("  %4d %5d %s", k, steps, "#".repeat(Math.ceilDiv(BAR * steps, most))));
  }

  private void say(String format, Object... arguments) {
    environment.say(String.format(Locale.ROOT, format, arguments));
  }
}
