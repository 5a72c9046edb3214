package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.sched.SchedulerConfig;
import java.util.Locale;
import java.util.Optional;

/// Device memory that models need beside their KV caches, and per block of those.
///
/// @param weightBytes of target and draft as the decoder holds them: a tied head is a copy
/// @param workspaceBytes an estimate of the largest intermediate results of a step, and of what the
///   libraries keep
/// @param blockBytes of a block in the caches of both models
public record MemoryNeeds(long weightBytes, long workspaceBytes, long blockBytes) {
  /// cuBLAS, fragments of the allocator, small tensors.
  private static final long LIBRARY_BYTES = 512L << 20;

  /// Draft tokens of a request that are verified beside the tokens that a step schedules.
  private static final int DRAFT_TOKENS = 16;

  /// @param draft with weights and a cache of its own
  static MemoryNeeds of(
      ModelConfig target,
      Optional<ModelConfig> draft,
      DecoderOptions decoder,
      SchedulerConfig limits,
      int blockSize) {
    Precision precision = decoder.activations();
    return new MemoryNeeds(
        weights(target, decoder.precision())
            + draft.map(model -> weights(model, decoder.precision())).orElse(0L),
        LIBRARY_BYTES
            + Math.max(
                workspace(target, precision, limits),
                draft.map(model -> workspace(model, precision, limits)).orElse(0L)),
        blockSize
            * (cacheBytesPerCell(target, precision)
                + draft.map(model -> cacheBytesPerCell(model, precision)).orElse(0L)));
  }

  /// Bytes of keys and values per token, all layers.
  static long cacheBytesPerCell(ModelConfig model, Precision precision) {
    return 2L * model.layers() * model.kvHeads() * model.headDim() * precision.bytes();
  }

  /// Bytes of the weights and of the rotations.
  static long weights(ModelConfig model, Precision precision) {
    long head = model.tiedEmbeddings() ? (long) model.vocabularySize() * model.hiddenSize() : 0;
    long rotations = (long) model.contextLength() * model.headDim() * Float.BYTES;
    return (model.parameters() + head) * precision.bytes() + rotations;
  }

  /// One layer's activations, attention over the whole context with its scores in 32 bits, gathered
  /// keys and values, and logits with their softmax.
  private static long workspace(ModelConfig m, Precision precision, SchedulerConfig limits) {
    long rows = limits.maxBatchTokens() + (long) DRAFT_TOKENS * limits.maxBatch();
    long activations = 8L * m.hiddenSize() + 4L * m.intermediateSize();
    long scores = 3L * m.heads() * limits.maxContext() * Float.BYTES;
    long queries = (long) m.heads() * m.headDim() * Math.ceilDiv(limits.maxContext(), 128);
    long logits = 2L * m.vocabularySize() * Float.BYTES;
    long gathered =
        cacheBytesPerCell(m, precision) / m.layers() * limits.maxBatch() * limits.maxContext();
    return rows * ((activations + 3 * queries) * precision.bytes() + scores + logits) + gathered;
  }

  /// Blocks of the caches on a GPU: what `utilization` of its memory leaves beside weights and
  /// workspace, as vLLM counts it.
  ///
  /// @param total bytes of the device
  /// @param free bytes of it that nobody uses before anything is loaded
  /// @param fewest blocks without which no request of full length can be served
  /// @param most blocks that can be used at once
  /// @throws ExecutorException saying what is needed and what is free
  int blocks(String device, long total, long free, double utilization, int fewest, int most) {
    long usable = (long) (total * utilization);
    String share =
        String.format(Locale.ROOT, "%.0f %% of %s on %s", 100 * utilization, gib(total), device);
    if (free < usable) {
      throw new ExecutorException(
          "%s are %s, but only %s are free: end what else runs there, or ask for a smaller share"
              .formatted(share, gib(usable), gib(free)),
          null);
    }
    long cache = usable - weightBytes - workspaceBytes;
    if (cache < fewest * blockBytes) {
      throw new ExecutorException(
          ("out of memory: weights %s, workspace %s and a KV cache for one full context %s need %s;"
                  + " %s are %s. A larger share, a shorter context, fewer tokens per step or bf16"
                  + " need less")
              .formatted(
                  gib(weightBytes),
                  gib(workspaceBytes),
                  gib(fewest * blockBytes),
                  gib(weightBytes + workspaceBytes + fewest * blockBytes),
                  share,
                  gib(usable)),
          null);
    }
    return (int) Math.min(cache / blockBytes, most);
  }

  static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
  }
}
