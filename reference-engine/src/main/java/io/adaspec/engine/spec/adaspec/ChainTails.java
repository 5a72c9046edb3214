package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.DraftBatch;

/// The draft tokens of a batch of chains in ascending order of survival, ties by descending depth,
/// then by request. Survival never grows along a chain, so only the last token of each competes: a
/// heap of as many tokens as there are requests. Reused; grows, never shrinks.
final class ChainTails {
  private static final int DEPTH_BITS = 8;
  private static final int REQUEST_BITS = 24;
  private static final int DEEPEST = (1 << DEPTH_BITS) - 1;

  private long[] heap = new long[64];
  private int size;
  private float leastSurvival;
  private boolean heaped;

  /// Starts from whole chains.
  void begin(DraftBatch drafts) {
    if (heap.length < drafts.size()) {
      heap = new long[2 * drafts.size()];
    }
    size = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < drafts.size(); i++) {
      int length = drafts.proposal(i).size();
      if (length > 0) {
        long tail = tail(drafts, i, length);
        heap[size++] = tail;
        least = Math.min(least, tail);
      }
    }
    leastSurvival = Float.intBitsToFloat((int) (least >> DEPTH_BITS + REQUEST_BITS));
    heaped = false;
  }

  /// The least survival of all tokens; there has to be one.
  float leastSurvival() {
    return leastSurvival;
  }

  private void heapify() {
    for (int at = size / 2 - 1; at >= 0; at--) {
      sift(at, heap[at]);
    }
    heaped = true;
  }

  /// Takes the least token of all that have not been taken: the one before it in its chain competes
  /// instead. There has to be one.
  ///
  /// @return its number
  int take(DraftBatch drafts) {
    if (!heaped) {
      heapify();
    }
    long least = heap[0];
    int i = (int) least & (1 << REQUEST_BITS) - 1;
    int node = DEEPEST - ((int) (least >> REQUEST_BITS) & DEEPEST);
    sift(0, node > 1 ? tail(drafts, i, node - 1) : heap[--size]);
    return drafts.proposal(i).number(node);
  }

  /// Puts `tail` at `at` or below it.
  private void sift(int at, long tail) {
    int hole = at;
    for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size) {
        // The lesser child, without a branch that would be mispredicted every other time.
        child += (int) (heap[child + 1] - heap[child] >>> 63);
      }
      if (tail <= heap[child]) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = tail;
  }

  /// A token as a key that orders as tokens do: the bits of non-negative floats order like the
  /// floats.
  private static long tail(DraftBatch drafts, int i, int node) {
    float survival = drafts.proposal(i).survival(node);
    return (long) Float.floatToRawIntBits(survival) << DEPTH_BITS + REQUEST_BITS
        | (long) (DEEPEST - node) << REQUEST_BITS
        | i;
  }
}
