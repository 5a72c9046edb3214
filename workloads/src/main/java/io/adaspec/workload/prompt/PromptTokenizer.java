package io.adaspec.workload.prompt;

import java.util.OptionalInt;

/// What this module needs of a model's tokenizer; the tokenizer itself belongs to the engine.
@FunctionalInterface
public interface PromptTokenizer {
  /// Token ids of `text`, without special tokens.
  int[] encode(String text);

  /// The token that begins every prompt of the model, if it has one.
  default OptionalInt bos() {
    return OptionalInt.empty();
  }

  /// Whether a prompt may end with this token. Tokenizers that join white space to the word after
  /// it should answer `false` for tokens of white space alone: cut there, a prompt would end in a
  /// token that the model knows in other places only.
  default boolean mayEnd(int tokenId) {
    return true;
  }
}
