package io.adaspec.engine.exec;

/// The random choices of verification. Tests enumerate them; the engine seeds them.
public interface Draws {
  /// True with the given probability.
  boolean accept(double probability);

  /// An index drawn from `distribution`, which sums to one.
  int sample(float[] distribution);

  /// Gives the draws for the token at one output position of one request. They may end with the
  /// next call.
  @FunctionalInterface
  interface Source {
    Draws at(long seed, int position);
  }
}
