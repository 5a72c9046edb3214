package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.TargetScores;

/// What a forward says about its scored rows.
sealed interface Scores extends TargetScores, AutoCloseable permits TensorScores, LoopScores {
  int rows();

  @Override
  default int argmax(int row) {
    return id(row, 0);
  }

  /// The `rank`-th most probable next token, 0 for the most probable.
  int id(int row, int rank);

  /// Its probability at temperature 1.
  ///
  /// @throws IllegalStateException where probabilities were not asked for
  float probability(int row, int rank);

  @Override
  void close();
}
