package io.adaspec.harness.cli;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.sched.SchedulerConfig;
import picocli.CommandLine.Option;

/// Limits of a simulated engine, in place of the deployment's own.
final class SimulatedEngineOptions {
  @Option(
      names = {"--max-batch", "--max-num-seqs"},
      paramLabel = "N",
      description = "Most requests that run at once (default: the deployment's).")
  Integer maxBatch;

  @Option(
      names = {"--max-batch-tokens", "--max-num-batched-tokens"},
      paramLabel = "N",
      description = "Most prompt and root tokens in one step (default: the deployment's).")
  Integer maxBatchTokens;

  @Option(
      names = {"--max-context", "--max-model-len"},
      paramLabel = "N",
      description = "Longest prompt plus reply in tokens (default: the deployment's).")
  Integer maxContext;

  @Option(
      names = "--kv-blocks",
      paramLabel = "N",
      description = "Blocks of the KV cache (default: the deployment's).")
  Integer blocks;

  @Option(
      names = "--block-size",
      paramLabel = "N",
      description = "Tokens per block of the KV cache (default: the deployment's).")
  Integer blockSize;

  /// Refuses what no deployment's limits make good.
  ///
  /// @throws IllegalArgumentException naming the option and its value
  void check() {
    Numbers.atLeastOne("--max-batch", maxBatch);
    Numbers.atLeastOne("--max-batch-tokens", maxBatchTokens);
    Numbers.atLeastOne("--max-context", maxContext);
    Numbers.atLeastOne("--kv-blocks", blocks);
    Numbers.atLeastOne("--block-size", blockSize);
  }

  /// The deployment's limits with those that were given in their place. Where the size of the
  /// batch, context or block changes and the number of blocks is not given, the cache keeps its
  /// size.
  ///
  /// @throws IllegalArgumentException naming the limit that does not fit
  EngineConfig over(EngineConfig limits) {
    SchedulerConfig scheduler = limits.scheduler();
    int size = or(blockSize, limits.blockSize());
    long cells = (long) limits.blocks() * limits.blockSize();
    return new EngineConfig(
        new SchedulerConfig(
            or(maxBatch, scheduler.maxBatch()),
            or(maxBatchTokens, scheduler.maxBatchTokens()),
            or(maxContext, scheduler.maxContext())),
        or(blocks, Math.toIntExact(Math.max(1, cells / size))),
        size);
  }

  private static int or(Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }
}
