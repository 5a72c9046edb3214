package io.adaspec.engine;

import io.adaspec.engine.sched.SchedulerConfig;

/// An engine's limits.
///
/// @param blocks KV cache blocks, shared by target and draft
/// @param blockSize tokens per block
public record EngineConfig(SchedulerConfig scheduler, int blocks, int blockSize) {
  public EngineConfig {
    if (blocks < 1) {
      throw new IllegalArgumentException("KV cache blocks must be >= 1: " + blocks);
    }
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be >= 1: " + blockSize);
    }
  }
}
