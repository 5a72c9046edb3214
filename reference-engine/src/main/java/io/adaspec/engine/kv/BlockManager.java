package io.adaspec.engine.kv;

import io.adaspec.engine.request.BlockTable;
import io.adaspec.engine.request.Sequence;
import java.util.Arrays;
import java.util.Collection;

/// Accounts for the paged KV cache (PagedAttention, Kwon et al. 2309.06180, §4): which physical
/// blocks are free and which sequence holds which. No tensors.
///
/// Target and draft caches share the block ids: both store the same tokens of the same sequences,
/// so one free list, one preemption decision and one conservation law serve both. The draft's cells
/// of tokens that it has not seen are reserved but unused; the draft is small, so they cost little.
public final class BlockManager {
  private final int blockSize;
  private final int[] free;
  private int freeCount;

  /// @param blocks physical blocks in each cache
  /// @param blockSize cells (tokens) per block
  public BlockManager(int blocks, int blockSize) {
    if (blocks <= 0 || blockSize <= 0) {
      throw new IllegalArgumentException(
          "blocks and block size must be > 0: " + blocks + ", " + blockSize);
    }
    this.blockSize = blockSize;
    this.free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    this.freeCount = blocks;
  }

  public int blockSize() {
    return blockSize;
  }

  public int totalBlocks() {
    return free.length;
  }

  public int freeBlocks() {
    return freeCount;
  }

  public int usedBlocks() {
    return free.length - freeCount;
  }

  /// Blocks that `cells` cells fill, the last one perhaps partly.
  public int blocksFor(int cells) {
    return Math.ceilDiv(cells, blockSize);
  }

  /// Most cells that the sequence could hold: those of its own blocks and of all that are free.
  public int available(Sequence sequence) {
    return (sequence.blocks().size() + freeCount) * blockSize;
  }

  /// Gives the sequence room for `cells` cells in total, or changes nothing and returns false.
  public boolean reserve(Sequence sequence, int cells) {
    BlockTable table = sequence.blocks();
    if (cells <= table.size() * blockSize) {
      return true;
    }
    int missing = blocksFor(cells) - table.size();
    if (missing > freeCount) {
      return false;
    }
    for (; missing > 0; missing--) {
      table.push(free[--freeCount]);
    }
    return true;
  }

  /// Frees the blocks behind the first `cells` cells: the rollback of rejected slots.
  public void truncate(Sequence sequence, int cells) {
    BlockTable table = sequence.blocks();
    while ((table.size() - 1) * blockSize >= cells) {
      free[freeCount++] = table.pop();
    }
  }

  public void release(Sequence sequence) {
    truncate(sequence, 0);
  }

  /// Checks that every block is either free or held by exactly one of `holders`.
  ///
  /// @throws IllegalStateException naming the block that is lost or held twice
  public void checkConservation(Collection<Sequence> holders) {
    int[] owners = new int[free.length];
    Arrays.stream(free, 0, freeCount).forEach(block -> owners[block]++);
    for (Sequence sequence : holders) {
      for (int i = 0; i < sequence.blocks().size(); i++) {
        owners[sequence.blocks().block(i)]++;
      }
    }
    for (int block = 0; block < owners.length; block++) {
      if (owners[block] != 1) {
        throw new IllegalStateException("block " + block + " has " + owners[block] + " owners");
      }
    }
  }
}
