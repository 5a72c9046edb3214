package io.adaspec.harness.target;

import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.spec.DraftSampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// Loads models.
@FunctionalInterface
public interface DeploymentLoader {
  /// @throws IOException where a checkpoint cannot be read
  /// @throws IllegalArgumentException where the models do not fit each other, the device or the
  ///   limits
  Deployment load(Spec spec) throws IOException;

  /// What to load.
  ///
  /// @param target a Hugging Face directory or a GGUF file
  /// @param draft empty where no policy drafts with a model
  /// @param device `cpu`, `gpu` or `gpu:n`
  /// @param dtype `f32`, `f16`, `bf16` or `int8`
  /// @param threads of one forward on the CPU, 0 to choose by the target's size
  record Spec(
      Path target,
      Optional<DraftModel> draft,
      String device,
      String dtype,
      int threads,
      DraftSampling drafts,
      Limits limits) {}

  /// Limits as asked for; what is empty follows from the models and the memory.
  ///
  /// @param gpuMemoryUtilization share of a GPU's memory that weights, workspace and, where `blocks`
  ///   is empty, KV caches may take; unused on the CPU
  record Limits(
      int maxBatch,
      int maxBatchTokens,
      OptionalInt maxContext,
      OptionalInt blocks,
      int blockSize,
      double gpuMemoryUtilization) {
    /// vLLM's default.
    public static final double GPU_MEMORY_UTILIZATION = 0.9;

    public Limits {
      if (!(gpuMemoryUtilization > 0 && gpuMemoryUtilization <= 1)) {
        throw new IllegalArgumentException(
            "GPU memory utilization must be in (0, 1]: " + gpuMemoryUtilization);
      }
    }

    public Limits(
        int maxBatch,
        int maxBatchTokens,
        OptionalInt maxContext,
        OptionalInt blocks,
        int blockSize) {
      this(maxBatch, maxBatchTokens, maxContext, blocks, blockSize, GPU_MEMORY_UTILIZATION);
    }
  }
}
