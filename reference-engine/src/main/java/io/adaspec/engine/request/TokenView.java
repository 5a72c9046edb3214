package io.adaspec.engine.request;

/// A read-only view of a growing list of token ids: the prompt followed by everything emitted.
public interface TokenView {
  int length();

  /// The token id at `index`, `0 ≤ index < length()`.
  int at(int index);
}
