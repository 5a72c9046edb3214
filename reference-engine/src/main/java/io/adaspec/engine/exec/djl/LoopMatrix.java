package io.adaspec.engine.exec.djl;

/// A weight matrix for [LoopDecoder]. A row of a product has the same bits whatever is computed
/// with it: Java leaves no choice of how to round.
sealed interface LoopMatrix permits FloatMatrix, ByteMatrix {
  /// A matrix without weights yet.
  @FunctionalInterface
  interface Kind {
    LoopMatrix of(int inputs, int outputs);
  }

  /// The length that inputs need: even, with 0 behind an odd number of them.
  static int even(int inputs) {
    return inputs + (inputs & 1);
  }

  /// Sets what `output` takes of each input.
  void output(int output, float[] weights, int from, int inputs);

  /// Copies what `output` takes of each input.
  void output(int output, float[] to, int inputs);

  /// `y[r] += x[r] · W` for `r < count`, of every `parts`-th share of the outputs the `part`-th.
  void addProducts(float[][] x, float[][] y, int count, int part, int parts);
}
