package io.adaspec.engine.exec.djl;

import java.util.Arrays;

/// Scores of [LoopDecoder], overwritten by its next forward.
final class LoopScores implements Scores {
  private final int vocabulary;
  private final float[] exponentials;
  private float[][] logits = {};
  private int rows;
  private int width;
  private boolean keepsLogits;
  private int[] ids = new int[16];
  private float[] probabilities = new float[16];

  LoopScores(int vocabulary) {
    this.vocabulary = vocabulary;
    this.exponentials = new float[vocabulary];
  }

  /// Chooses each row's `width` most probable tokens (0: its argmax), the lowest id first where
  /// several tie.
  ///
  /// @param rowLogits of the scored rows, `[at least rows, vocabulary]`; read until the next choice
  void choose(float[][] rowLogits, int scored, int children, boolean keepLogits) {
    logits = rowLogits;
    rows = scored;
    width = Math.max(1, children);
    keepsLogits = keepLogits;
    if (ids.length < rows * width) {
      ids = new int[2 * rows * width];
      probabilities = new float[ids.length];
    }
    for (int row = 0; row < rows; row++) {
      rank(logits[row], row * width);
      if (children > 0) {
        normalize(logits[row], row * width);
      }
    }
    if (children == 0) {
      Arrays.fill(probabilities, 0, rows, Float.NaN);
    }
  }

  /// Puts the highest logits' ids to `ids[at ..]`, by insertion: few of a row get that far.
  private void rank(float[] values, int at) {
    int count = 0;
    float least = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabulary; id++) {
      if (values[id] > least || count < width) {
        int place = Math.min(count, width - 1);
        while (place > 0 && values[id] > values[ids[at + place - 1]]) {
          ids[at + place] = ids[at + place - 1];
          place--;
        }
        ids[at + place] = id;
        count = Math.min(count + 1, width);
        least = values[ids[at + count - 1]];
      }
    }
  }

  private void normalize(float[] values, int at) {
    float highest = values[ids[at]];
    FloatLoops.exp(values, highest, exponentials, vocabulary);
    float sum = FloatLoops.sum(exponentials, 0, vocabulary);
    for (int i = at; i < at + width; i++) {
      probabilities[i] = exponentials[ids[i]] / sum;
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int id(int row, int rank) {
    return ids[row * width + rank];
  }

  @Override
  public float probability(int row, int rank) {
    float probability = probabilities[row * width + rank];
    if (Float.isNaN(probability)) {
      throw new IllegalStateException("probabilities were not asked for");
    }
    return probability;
  }

  @Override
  public void logits(int row, float[] to) {
    if (!keepsLogits) {
      throw new IllegalStateException("logits were not asked for");
    }
    System.arraycopy(logits[row], 0, to, 0, vocabulary);
  }

  /// Nothing is held outside the heap.
  @Override
  public void close() {}
}
