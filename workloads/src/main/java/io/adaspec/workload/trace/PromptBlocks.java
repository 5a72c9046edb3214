package io.adaspec.workload.trace;

import java.util.List;

/// Content identity of a prompt, block by block: requests whose lists begin with the same ids begin
/// with the same tokens. Block `i` covers the tokens from `boundary(i)` to `boundary(i + 1)`.
///
/// Length scaling scales the block with the prompt, so a prompt keeps its number of blocks and
/// prefixes are shared in proportion: 512-token blocks at a scale of 1/32 are 16-token blocks.
/// Boundaries are rounded one by one from the exact product, so blocks of a fractional size differ
/// by at most one token in length and rounding errors do not add up.
///
/// @param ids block ids in prompt order
/// @param sourceBlockTokens tokens per block in the trace as recorded, at least 1
/// @param scale length scale applied since, positive
public record PromptBlocks(List<Long> ids, int sourceBlockTokens, double scale) {
  public PromptBlocks {
    ids = List.copyOf(ids);
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("a prompt with blocks has at least one block");
    }
    if (sourceBlockTokens < 1) {
      throw new IllegalArgumentException("block size must be positive: " + sourceBlockTokens);
    }
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite: " + scale);
    }
  }

  /// Blocks as recorded, unscaled.
  public static PromptBlocks recorded(List<Long> ids, int blockTokens) {
    return new PromptBlocks(ids, blockTokens, 1.0);
  }

  /// First token of block `index`; for `index == ids().size()` the end of the last block.
  public int boundary(int index) {
    return index == 0 ? 0 : scaled((long) index * sourceBlockTokens, scale);
  }

  /// Tokens that all blocks together can cover.
  public int capacity() {
    return boundary(ids.size());
  }

  /// The same prompt at another length scale.
  PromptBlocks scaledBy(double factor) {
    return new PromptBlocks(ids, sourceBlockTokens, scale * factor);
  }

  /// The blocks that a prompt of `promptTokens` still touches; later ones are dropped.
  PromptBlocks covering(int promptTokens) {
    int kept = ids.size();
    while (kept > 1 && boundary(kept - 1) >= promptTokens) {
      kept--;
    }
    return kept == ids.size()
        ? this
        : new PromptBlocks(ids.subList(0, kept), sourceBlockTokens, scale);
  }

  /// The one rounding rule for scaled lengths: to the nearest token, at least 1. Lengths and block
  /// boundaries share it, so that a prompt never outgrows its blocks.
  static int scaled(long tokens, double scale) {
    return Math.clamp(Math.round(tokens * scale), 1, Integer.MAX_VALUE);
  }
}
