package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;

/// The draft tokens of a batch of chains in ascending order of survival, ties by descending depth,
/// then by request. Survival never grows along a chain, so only the last token of each competes: a
/// heap of as many tokens as there are requests. Reused; grows, never shrinks.
final class ChainTails {
  private static final int DEPTH_BITS = 8;
  private static final int REQUEST_BITS = 24;
  private static final int DEEPEST = (1 << DEPTH_BITS) - 1;

  private long[] heap = new long[64];
  private int size;

  /// Starts from whole chains.
  void begin(DraftBatch drafts) {
    if (heap.length < drafts.size()) {
      heap = new long[2 * drafts.size()];
    }
    size = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Proposal chain = drafts.proposal(i);
      if (chain.size() > 0) {
        heap[size++] = tail(chain.survival(chain.size()), chain.size(), i);
      }
    }
    for (int at = size / 2 - 1; at >= 0; at--) {
      sift(at, heap[at]);
    }
  }

  /// The least token that has not been taken; there has to be one.
  long least() {
    return heap[0];
  }

  /// Takes the least token: the one before it in its chain competes instead.
  void take(DraftBatch drafts) {
    int i = request(heap[0]);
    int before = node(heap[0]) - 1;
    sift(0, before > 0 ? tail(drafts.proposal(i).survival(before), before, i) : heap[--size]);
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

  /// A token as a number that orders as tokens do: the bits of non-negative floats order like the
  /// floats.
  private static long tail(float survival, int depth, int request) {
    return (long) Float.floatToRawIntBits(survival) << DEPTH_BITS + REQUEST_BITS
        | (long) (DEEPEST - depth) << REQUEST_BITS
        | request;
  }

  static int request(long tail) {
    return (int) tail & (1 << REQUEST_BITS) - 1;
  }

  static int node(long tail) {
    return DEEPEST - ((int) (tail >> REQUEST_BITS) & DEEPEST);
  }
}
