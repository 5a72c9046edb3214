package io.adaspec.engine;

import io.adaspec.engine.sched.SchedulerConfig;

/// An engine's limits, and what it tells.
///
/// @param blocks KV cache blocks, shared by target and draft
/// @param blockSize tokens per block
/// @param recordDecisions whether step records carry [Decision]s
public record EngineConfig(
    SchedulerConfig scheduler, int blocks, int blockSize, boolean recordDecisions) {
  public EngineConfig {
    if (blocks < 1) {
      throw new IllegalArgumentException("KV cache blocks must be >= 1: " + blocks);
    }
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be >= 1: " + blockSize);
    }
  }

  /// Without decisions.
  public EngineConfig(SchedulerConfig scheduler, int blocks, int blockSize) {
    this(scheduler, blocks, blockSize, false);
  }

  /// The same limits, with or without decisions.
  public EngineConfig recordingDecisions(boolean record) {
    return new EngineConfig(scheduler, blocks, blockSize, record);
  }
}
