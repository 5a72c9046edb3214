package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.DraftModel;
import io.adaspec.engine.spec.DraftSampling;
import java.nio.file.Path;
import java.util.Optional;

/// What a [DjlExecutor] runs.
///
/// @param target a Hugging Face directory or a GGUF file
/// @param draft empty for policies that need no draft model
/// @param blocks physical blocks of each KV cache
/// @param blockSize cells per block; divides the decoder's key tile
/// @param threads CPU threads of a forward; 0 to choose by the target's size
public record DjlConfig(
    Path target,
    Optional<DraftModel> draft,
    DecoderOptions decoder,
    int blocks,
    int blockSize,
    DraftSampling drafts,
    int threads) {
  public DjlConfig {
    if (blocks < 1 || blockSize < 1) {
      throw new IllegalArgumentException(
          "blocks and block size must be >= 1: " + blocks + ", " + blockSize);
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be >= 0: " + threads);
    }
  }
}
