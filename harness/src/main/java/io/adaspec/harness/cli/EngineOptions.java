package io.adaspec.harness.cli;

import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.target.DeploymentLoader;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// Limits of the engine.
final class EngineOptions {
  @Option(
      names = {"--max-batch", "--max-num-seqs"},
      paramLabel = "N",
      description = "Most requests that run at once (default: ${DEFAULT-VALUE}).")
  int maxBatch = 16;

  @Option(
      names = {"--max-batch-tokens", "--max-num-batched-tokens"},
      paramLabel = "N",
      description =
          "Most prompt and root tokens in one step; longer prompts are prefilled in chunks "
              + "(default: ${DEFAULT-VALUE}).")
  int maxBatchTokens = 256;

  @Option(
      names = {"--max-context", "--max-model-len"},
      paramLabel = "N",
      description = "Longest prompt plus reply in tokens (default: the models' context).")
  Integer maxContext;

  @Option(
      names = "--kv-blocks",
      paramLabel = "N",
      description =
          "Blocks of the KV cache (default: full contexts for the whole batch, if memory allows).")
  Integer blocks;

  @Option(
      names = "--gpu-memory-utilization",
      paramLabel = "SHARE",
      description =
          "Share of the GPU's memory for weights, workspace and the KV cache that its size follows"
              + " from (default: 0.9).")
  Double gpuMemoryUtilization;

  @Option(
      names = "--block-size",
      paramLabel = "N",
      description = "Tokens per block of the KV cache (default: ${DEFAULT-VALUE}).")
  int blockSize = 16;

  /// @param device that the models run on
  /// @throws IllegalArgumentException naming the option that does not fit
  DeploymentLoader.Limits limits(String device) {
    Numbers.atLeastOne("--max-batch", maxBatch);
    Numbers.atLeastOne("--block-size", blockSize);
    if (maxBatchTokens < maxBatch) {
      throw new IllegalArgumentException(
          "--max-batch-tokens must be >= --max-batch (%d): %d".formatted(maxBatch, maxBatchTokens));
    }
    if (maxContext != null && maxContext < 2) {
      throw new IllegalArgumentException("--max-context must be >= 2: " + maxContext);
    }
    if (blocks != null) {
      Numbers.atLeastOne("--kv-blocks", blocks);
    }
    return new DeploymentLoader.Limits(
        maxBatch,
        maxBatchTokens,
        optional(maxContext),
        optional(blocks),
        blockSize,
        gpuMemoryUtilization(device));
  }

  private double gpuMemoryUtilization(String device) {
    if (gpuMemoryUtilization == null) {
      return DeploymentLoader.Limits.GPU_MEMORY_UTILIZATION;
    }
    if (!(gpuMemoryUtilization > 0 && gpuMemoryUtilization <= 1)) {
      throw new IllegalArgumentException(
          "--gpu-memory-utilization must be in (0, 1]: " + gpuMemoryUtilization);
    }
    if (device.equals("cpu")) {
      throw new IllegalArgumentException(
          "--gpu-memory-utilization needs --device gpu; on the CPU, --kv-blocks sizes the cache");
    }
    if (blocks != null) {
      throw new IllegalArgumentException(
          "--gpu-memory-utilization sizes the KV cache, and so does --kv-blocks: give one of them");
    }
    return gpuMemoryUtilization;
  }

  /// @throws IllegalArgumentException naming a policy whose trees alone exceed the token budget
  void requireRoomFor(List<PolicySpec> policies) {
    for (PolicySpec policy : policies) {
      if (policy.maxNodes() + 1 > maxBatchTokens) {
        throw new IllegalArgumentException(
            "policy %s verifies up to %d tokens of a request at once, more than --max-batch-tokens %d"
                .formatted(policy.name(), policy.maxNodes() + 1, maxBatchTokens));
      }
    }
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
