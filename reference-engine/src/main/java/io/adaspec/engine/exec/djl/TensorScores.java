package io.adaspec.engine.exec.djl;

import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/// Scores of the decoder program. Reads libtorch's memory: valid until closed.
final class TensorScores implements Scores {
  private final PtNDArray[] tensors;
  private final int rows;
  private final int vocabulary;
  private final int width;
  private final LongBuffer ids;
  private final FloatBuffer probabilities;
  private final FloatBuffer logits;

  /// @param tensors ids `[rows]` or `[rows, width]`, probabilities of that shape unless only the
  ///   argmax was asked for, logits `[rows, vocabulary]` if asked for
  TensorScores(PtNDArray[] tensors, int rows, int vocabulary, int width, boolean hasLogits) {
    this.tensors = tensors;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.width = Math.max(1, width);
    this.ids = bytes(tensors[0]).asLongBuffer();
    this.probabilities = width == 0 || rows == 0 ? null : bytes(tensors[1]).asFloatBuffer();
    this.logits = hasLogits && rows > 0 ? bytes(tensors[tensors.length - 1]).asFloatBuffer() : null;
  }

  private static ByteBuffer bytes(PtNDArray tensor) {
    return tensor.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int id(int row, int rank) {
    return (int) ids.get(row * width + rank);
  }

  @Override
  public float probability(int row, int rank) {
    if (probabilities == null) {
      throw new IllegalStateException("probabilities were not asked for");
    }
    return probabilities.get(row * width + rank);
  }

  @Override
  public void logits(int row, float[] to) {
    if (logits == null) {
      throw new IllegalStateException("logits were not asked for");
    }
    logits.get(row * vocabulary, to, 0, vocabulary);
  }

  @Override
  public void close() {
    for (PtNDArray tensor : tensors) {
      tensor.close();
    }
  }
}
