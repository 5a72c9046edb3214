package io.adaspec.engine.sched;

import io.adaspec.engine.request.Sequence;
import java.util.Arrays;

/// Cache entries to move, as parallel lists of slots.
final class KvMoves {
  private final int blockSize;
  private int[] from = new int[0];
  private int[] to = new int[0];
  private int size;

  KvMoves(int blockSize) {
    this.blockSize = blockSize;
  }

  void add(Sequence sequence, int fromCell, int toCell) {
    if (fromCell == toCell) {
      return;
    }
    if (size == from.length) {
      from = Arrays.copyOf(from, Math.max(8, 2 * size));
      to = Arrays.copyOf(to, from.length);
    }
    from[size] = sequence.blocks().slot(fromCell, blockSize);
    to[size++] = sequence.blocks().slot(toCell, blockSize);
  }

  int[] from() {
    return Arrays.copyOf(from, size);
  }

  int[] to() {
    return Arrays.copyOf(to, size);
  }
}
