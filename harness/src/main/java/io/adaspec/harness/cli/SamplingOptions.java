package io.adaspec.harness.cli;

import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.harness.run.RunConfig;
import picocli.CommandLine.Option;

/// How tokens are chosen.
final class SamplingOptions {
  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 is greedy (default: ${DEFAULT-VALUE}).")
  double temperature = 0;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Sample from the N most probable tokens; 0 is all (default: ${DEFAULT-VALUE}).")
  int topK = 0;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Sample from the fewest tokens whose probability reaches P (default: ${DEFAULT-VALUE}).")
  double topP = 1;

  @Option(
      names = "--ignore-eos",
      negatable = true,
      description =
          "Go on after the end of a reply until its full length. The default for traces that give"
              + " output lengths: a replay then has the trace's token counts, but text beyond its"
              + " natural end is often repetitive, which raises acceptance.")
  Boolean ignoreEos;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of everything random: arrivals, prompts, sampling (default: ${DEFAULT-VALUE}).")
  long seed = 0;

  RunConfig.Generation generation(DraftSampling drafts, boolean ignoreEosByDefault) {
    return new RunConfig.Generation(
        temperature, topK, topP, drafts, ignoreEos == null ? ignoreEosByDefault : ignoreEos);
  }
}
