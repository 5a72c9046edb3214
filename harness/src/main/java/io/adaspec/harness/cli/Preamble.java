package io.adaspec.harness.cli;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.target.Deployment;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadRequest;
import io.adaspec.workload.trace.TraceLosses;
import java.math.BigDecimal;
import java.util.Locale;

/// What a replay says before it starts: what is run, and what to keep in mind about it.
final class Preamble {
  private final Environment environment;

  Preamble(Environment environment) {
    this.environment = environment;
  }

  /// @param lengthsGiven whether the trace gives output lengths
  void print(Deployment deployment, Workload workload, RunConfig config, boolean lengthsGiven) {
    EngineConfig engine = config.engine();
    String draft = deployment.draft().map(name -> " + " + name).orElse(", no draft");
    say(
        "Models     %s%s, %s on %s",
        deployment.target(), draft, deployment.key().dtype(), deployment.key().device());
    say(
        "Engine     batch %d, context %d, %,d KV blocks of %d tokens",
        engine.scheduler().maxBatch(),
        engine.scheduler().maxContext(),
        engine.blocks(),
        engine.blockSize());
    objectives(config.objectives(), this::say);
    say(
        "Workload   %s: %,d requests in %.1f s, %,d prompt and %,d output tokens",
        workload.provenance().trace(),
        workload.requests().size(),
        workload.requests().getLast().arrivalNanos() / 1e9,
        workload.totals().achievedPromptTokens(),
        workload.totals().achievedOutputTokens());
    if (!lengthsGiven) {
      say("           the trace gives arrivals only: lengths are drawn from the embedded trace's");
    }
    if (config.generation().ignoreEos()) {
      say(
          "           replies go on to their full length, past a natural end (--no-ignore-eos to"
              + " stop there)");
    }
    losses(workload.provenance().losses(), this::say);
    int context = engine.scheduler().maxContext();
    long tooLong = workload.requests().stream().filter(r -> tokens(r) > context).count();
    if (tooLong > 0) {
      say(
          "           %,d of them exceed the context of %d and will be rejected: see"
              + " --max-prompt-tokens, --length-scale",
          tooLong, context);
    }
  }

  /// Says a line, formatted.
  interface Saying {
    void say(String format, Object... arguments);
  }

  /// What was left out of a trace.
  static void losses(TraceLosses losses, Saying out) {
    if (losses.failedRequests() > 0) {
      out.say("           %,d requests that failed in the trace left out", losses.failedRequests());
    }
    if (losses.promptTokensCut() > 0 || losses.outputTokensCut() > 0) {
      out.say(
          "           %,d prompt and %,d output tokens beyond the caps cut off",
          losses.promptTokensCut(), losses.outputTokensCut());
    }
  }

  /// A line per class of objectives.
  static void objectives(SloMix mix, Saying out) {
    String label = "Objectives";
    for (SloMix.SloClass one : mix.classes()) {
      out.say(
          "%-10s %s, %.0f %% of the requests: %s",
          label, one.name(), 100 * one.share(), objectives(one.slo()));
      label = "";
    }
    if (mix.classes().isEmpty()) {
      out.say("%-10s %s", label, objectives(mix.defaults()));
    } else if (mix.defaultShare() > 0) {
      out.say("%-10s %s, the rest: %s", label, SloMix.DEFAULT_CLASS, objectives(mix.defaults()));
    }
  }

  private static String objectives(Slo slo) {
    StringBuilder text = new StringBuilder();
    objective(text, "TTFT", slo.ttftNanos());
    objective(text, "TPOT", slo.tpotNanos());
    objective(text, "E2EL", slo.e2eNanos());
    return text.toString();
  }

  private static void objective(StringBuilder text, String name, long nanos) {
    if (nanos != Slo.NONE) {
      text.append(text.isEmpty() ? "" : ", ").append(name + " <= " + millis(nanos) + " ms");
    }
  }

  private static String millis(long nanos) {
    return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString();
  }

  private static long tokens(WorkloadRequest request) {
    return (long) request.promptTokens().length + request.maxNewTokens();
  }

  private void say(String format, Object... arguments) {
    environment.say(String.format(Locale.ROOT, format, arguments));
  }
}
