package io.adaspec.engine.sched;

/// Limits of continuous batching.
///
/// @param maxBatch most requests running at once
/// @param maxBatchTokens most prompt and root tokens in one target forward; draft tokens come on
///   top
/// @param maxContext longest prompt plus output, in tokens; at most the models' context
public record SchedulerConfig(int maxBatch, int maxBatchTokens, int maxContext) {
  public SchedulerConfig {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("max batch must be >= 1: " + maxBatch);
    }
    if (maxBatchTokens < maxBatch) {
      throw new IllegalArgumentException(
          "max batch tokens must be >= max batch " + maxBatch + ": " + maxBatchTokens);
    }
    if (maxContext < 2) {
      throw new IllegalArgumentException("max context must be >= 2: " + maxContext);
    }
  }
}
