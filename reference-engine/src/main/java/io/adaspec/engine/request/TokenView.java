package io.adaspec.engine.request;

/// A read-only view of a list of token ids, which may grow.
public interface TokenView {
  int length();

  /// The token id at `index`, `0 ≤ index < length()`.
  int at(int index);

  /// A view of an array, which must not change any more.
  static TokenView of(int... tokens) {
    return new TokenView() {
      @Override
      public int length() {
        return tokens.length;
      }

      @Override
      public int at(int index) {
        return tokens[index];
      }
    };
  }
}
