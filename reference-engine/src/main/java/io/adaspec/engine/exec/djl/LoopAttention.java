package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// Attention of one row over the cache of one layer, a few cells at a time: their scores, a softmax
/// that is corrected as higher scores come up, their values. Cells are copied to the heap first,
/// which costs less than the loops over native memory that C2 leaves scalar.
final class LoopAttention {
  /// Cells taken at once: what they hold has to stay in the first-level cache.
  private static final int RUN = 16;

  private final int heads;
  private final int groupSize;
  private final int dim;
  private final int keyWidth;
  private final int blockSize;
  private final float scale;
  private final float[][] run;
  private final float[] scores;
  private final float[] highest;
  private final float[] sums;

  /// Heads of the row that is computed.
  private int firstHead;

  private int endHead;

  /// Of each head, at the place of its key/value head's values in a cell.
  private final float[][] weighted;

  LoopAttention(ModelConfig config, int blockSize) {
    this.heads = config.heads();
    this.groupSize = config.groupSize();
    this.dim = config.headDim();
    this.keyWidth = config.kvHeads() * dim;
    this.blockSize = blockSize;
    this.scale = (float) (1 / Math.sqrt(dim));
    this.run = new float[RUN][2 * keyWidth];
    this.scores = new float[heads * RUN];
    this.highest = new float[heads];
    this.sums = new float[heads];
    this.weighted = new float[groupSize][2 * keyWidth];
  }

  /// @param cache of the layer, `[slots, keys and values]`
  /// @param queries `[at least heads · dim]`, rotated
  /// @param to `[heads · dim]`; heads of other key/value heads than `firstKvHead` to `nextKvHead -
  ///   1` are left alone
  void attend(
      FloatBuffer cache,
      ForwardBatch batch,
      int row,
      BlockTable blocks,
      float[] queries,
      float[] to,
      int firstKvHead,
      int nextKvHead) {
    firstHead = firstKvHead * groupSize;
    endHead = nextKvHead * groupSize;
    begin();
    int limit = batch.limit(row);
    for (int cell = 0; cell < limit; ) {
      int inBlock = blockSize - cell % blockSize;
      int count = Math.min(RUN, Math.min(inBlock, limit - cell));
      int slot = blocks.slot(cell, blockSize);
      for (int c = 0; c < count; c++) {
        read(cache, slot + c, c);
      }
      add(queries, count);
      cell += count;
    }
    int count = 0;
    for (int v = batch.visibleFrom(row); v < batch.visibleTo(row); v++) {
      read(cache, blocks.slot(batch.visibleCell(v), blockSize), count++);
      if (count == RUN) {
        add(queries, count);
        count = 0;
      }
    }
    if (count > 0) {
      add(queries, count);
    }
    for (int head = firstHead; head < endHead; head++) {
      float[] values = weighted[head % groupSize];
      int at = valuesAt(head);
      for (int d = 0; d < dim; d++) {
        to[head * dim + d] = values[at + d] / sums[head];
      }
    }
  }

  private void begin() {
    for (int head = firstHead; head < endHead; head++) {
      highest[head] = Float.NEGATIVE_INFINITY;
      sums[head] = 0;
    }
    for (float[] values : weighted) {
      Arrays.fill(values, 0);
    }
  }

  private void read(FloatBuffer cache, int slot, int c) {
    cache.get(slot * 2 * keyWidth, run[c], 0, 2 * keyWidth);
  }

  private int valuesAt(int head) {
    return keyWidth + head / groupSize * dim;
  }

  /// Takes in the first `count` cells of `run`.
  private void add(float[] queries, int count) {
    for (int head = firstHead; head < endHead; head++) {
      score(queries, head, count);
      float max = FloatLoops.max(scores, head * RUN, head * RUN + count);
      if (max > highest[head]) {
        rescale(head, max);
      }
      for (int c = head * RUN; c < head * RUN + count; c++) {
        scores[c] -= highest[head];
      }
      Arrays.fill(scores, head * RUN + count, (head + 1) * RUN, 0);
    }
    FloatLoops.exp(scores, firstHead * RUN, endHead * RUN);
    for (int head = firstHead; head < endHead; head++) {
      sums[head] += FloatLoops.sum(scores, head * RUN, head * RUN + count);
      weigh(head, count);
    }
  }

  private void rescale(int head, float max) {
    if (sums[head] > 0) {
      float factor = FloatLoops.exp(highest[head] - max);
      sums[head] *= factor;
      float[] values = weighted[head % groupSize];
      int from = valuesAt(head);
      for (int d = from; d < from + dim; d++) {
        values[d] *= factor;
      }
    }
    highest[head] = max;
  }

  private void score(float[] queries, int head, int count) {
    int query = head * dim;
    int key = head / groupSize * dim;
    int at = head * RUN;
    int c = 0;
    for (; c + 4 <= count; c += 4) {
      float[] k0 = run[c];
      float[] k1 = run[c + 1];
      float[] k2 = run[c + 2];
      float[] k3 = run[c + 3];
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int d = 0; d < dim; d++) {
        float q = queries[query + d];
        s0 += q * k0[key + d];
        s1 += q * k1[key + d];
        s2 += q * k2[key + d];
        s3 += q * k3[key + d];
      }
      scores[at + c] = s0 * scale;
      scores[at + c + 1] = s1 * scale;
      scores[at + c + 2] = s2 * scale;
      scores[at + c + 3] = s3 * scale;
    }
    for (; c < count; c++) {
      float s = 0;
      for (int d = 0; d < dim; d++) {
        s += queries[query + d] * run[c][key + d];
      }
      scores[at + c] = s * scale;
    }
  }

  private void weigh(int head, int count) {
    float[] values = weighted[head % groupSize];
    int from = valuesAt(head);
    int at = head * RUN;
    int c = 0;
    for (; c + 4 <= count; c += 4) {
      weigh(
          values,
          from,
          run[c],
          scores[at + c],
          run[c + 1],
          scores[at + c + 1],
          run[c + 2],
          scores[at + c + 2],
          run[c + 3],
          scores[at + c + 3]);
    }
    for (; c < count; c++) {
      float[] v = run[c];
      float p = scores[at + c];
      for (int d = from; d < from + dim; d++) {
        values[d] += p * v[d];
      }
    }
  }

  private void weigh(
      float[] values,
      int from,
      float[] v0,
      float p0,
      float[] v1,
      float p1,
      float[] v2,
      float p2,
      float[] v3,
      float p3) {
    for (int d = from; d < from + dim; d++) {
      values[d] += p0 * v0[d] + p1 * v1[d] + (p2 * v2[d] + p3 * v3[d]);
    }
  }
}
