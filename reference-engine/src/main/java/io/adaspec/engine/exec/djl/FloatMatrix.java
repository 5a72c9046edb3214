package io.adaspec.engine.exec.djl;

/// A weight matrix for [LoopDecoder]: an array per input, so that a product is a sum of scaled
/// arrays, two at a time.
final class FloatMatrix implements LoopMatrix {
  /// `[inputs, outputs]`, with a row of zeros behind the last if there would be an odd number.
  private final float[][] rows;

  private final int outputs;

  FloatMatrix(int inputs, int outputs) {
    this.rows = new float[LoopMatrix.even(inputs)][outputs];
    this.outputs = outputs;
  }

  @Override
  public void output(int output, float[] weights, int from, int inputs) {
    for (int i = 0; i < inputs; i++) {
      rows[i][output] = weights[from + i];
    }
  }

  @Override
  public void output(int output, float[] to, int inputs) {
    for (int i = 0; i < inputs; i++) {
      to[i] = rows[i][output];
    }
  }

  /// Undivided: small drafts have one thread.
  @Override
  public void addProducts(float[][] x, float[][] y, int count, int part, int parts) {
    if (part > 0) {
      return;
    }
    int r = 0;
    for (; r + 2 <= count; r += 2) {
      for (int i = 0; i < rows.length; i += 2) {
        FloatLoops.addRows(
            y[r],
            y[r + 1],
            outputs,
            rows[i],
            x[r][i],
            x[r + 1][i],
            rows[i + 1],
            x[r][i + 1],
            x[r + 1][i + 1]);
      }
    }
    if (r < count) {
      for (int i = 0; i < rows.length; i += 2) {
        FloatLoops.addRows(y[r], outputs, rows[i], x[r][i], rows[i + 1], x[r][i + 1]);
      }
    }
  }
}
