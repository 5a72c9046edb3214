package io.adaspec.engine.request;

import java.util.Arrays;

/// The KV cache blocks of one sequence in logical order: cell `p` of the sequence lies in block `p
/// / blockSize` of this table. Mutated by the block manager alone.
public final class BlockTable {
  private int[] blocks = new int[8];
  private int size;

  public int size() {
    return size;
  }

  /// The physical block at `index` of this table.
  public int block(int index) {
    return blocks[index];
  }

  /// The physical cache slot of logical cell `cell`.
  public int slot(int cell, int blockSize) {
    return blocks[cell / blockSize] * blockSize + cell % blockSize;
  }

  public void push(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
    }
    blocks[size++] = block;
  }

  public int pop() {
    return blocks[--size];
  }
}
