package io.adaspec.harness.cli;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.TokenEvent;
import io.adaspec.engine.request.Finish;
import io.adaspec.engine.request.RequestStats;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What speculation did for one reply.
final class GenerationStats {
  private static final int BAR = 40;

  private final long submittedNanos;
  private final Map<Integer, Integer> stepsByLength = new TreeMap<>();
  private long firstNanos = -1;
  private long lastNanos;
  private int tokens;

  GenerationStats(long submittedNanos) {
    this.submittedNanos = submittedNanos;
  }

  void add(TokenEvent event) {
    if (event.tokens().length > 0) {
      firstNanos = firstNanos < 0 ? event.nanos() : firstNanos;
      lastNanos = event.nanos();
      tokens += event.tokens().length;
    }
  }

  void add(StepRecord step) {
    if (step.batch() > 0) {
      stepsByLength.merge(step.verified(), 1, Integer::sum);
    }
  }

  void print(Environment environment, Finish finish) {
    RequestStats stats = finish.stats();
    StringBuilder text = new StringBuilder();
    line(text, "%n%d tokens in %d decode steps after the prompt", tokens, stats.decodeSteps());
    line(
        text,
        "  first token %.1f ms, then %.1f tokens/s",
        (firstNanos - submittedNanos) / 1e6,
        tokens > 1 ? (tokens - 1) * 1e9 / (lastNanos - firstNanos) : Double.NaN);
    if (stats.drafted() > 0) {
      line(
          text,
          "  acceptance rate %.1f %%: %d drafted, %d verified, %d accepted",
          100.0 * stats.accepted() / Math.max(1, stats.verified()),
          stats.drafted(),
          stats.verified(),
          stats.accepted());
      line(
          text,
          "  acceptance length %.2f tokens per speculative step",
          1 + (double) stats.accepted() / Math.max(1, stats.speculativeSteps()));
    }
    line(text, "  steps by draft tokens verified (k)");
    int most = stepsByLength.values().stream().mapToInt(n -> n).max().orElse(1);
    stepsByLength.forEach(
        (k, steps) ->
            line(text, "  %4d %5d %s", k, steps, "#".repeat(Math.ceilDiv(BAR * steps, most))));
    environment.err().print(text);
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
