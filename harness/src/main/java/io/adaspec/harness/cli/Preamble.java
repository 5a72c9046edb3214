package io.adaspec.harness.cli;

import io.adaspec.engine.EngineConfig;
import io.adaspec.harness.run.RunConfig;
import io.adaspec.harness.target.Deployment;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadRequest;
import java.util.Locale;

/// What a replay says before it starts: what is run, and what to keep in mind about it.
final class Preamble {
  private Preamble() {}

  static void print(
      Environment environment, Deployment deployment, Workload workload, RunConfig config) {
    EngineConfig engine = config.engine();
    environment.say(
        "Models    "
            + deployment.target()
            + deployment.draft().map(draft -> " + " + draft).orElse(", no draft")
            + ", "
            + deployment.key().dtype()
            + " on "
            + deployment.key().device());
    environment.say(
        format(
            "Engine    batch %d, context %d, %d KV blocks of %d tokens",
            engine.scheduler().maxBatch(),
            engine.scheduler().maxContext(),
            engine.blocks(),
            engine.blockSize()));
    environment.say(
        format(
            "Workload  %s: %,d requests in %.1f s, %,d prompt and %,d output tokens",
            workload.provenance().trace(),
            workload.requests().size(),
            workload.requests().getLast().arrivalNanos() / 1e9,
            workload.totals().achievedPromptTokens(),
            workload.totals().achievedOutputTokens()));
    if (config.generation().ignoreEos()) {
      environment.say(
          "          replies go on to the trace's lengths, past a natural end (--no-ignore-eos to"
              + " stop there)");
    }
    long tooLong =
        workload.requests().stream()
            .filter(request -> tokens(request) > engine.scheduler().maxContext())
            .count();
    if (tooLong > 0) {
      environment.say(
          format(
              "          %,d of them exceed the context of %d and will be rejected: see"
                  + " --max-prompt-tokens, --length-scale",
              tooLong, engine.scheduler().maxContext()));
    }
  }

  private static long tokens(WorkloadRequest request) {
    return (long) request.promptTokens().length + request.maxNewTokens();
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
