package io.adaspec.workload.prompt;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What this module needs of a model's tokenizer; the tokenizer itself belongs to the engine.
@FunctionalInterface
public interface PromptTokenizer {
  /// Token ids of `text`, without special tokens.
  int[] encode(String text);

  /// The token that begins every prompt of the model, if it has one.
  default OptionalInt bos() {
    return OptionalInt.empty();
  }

  /// Token ids of a prompt that is `text`: that token, then the text's.
  default int[] encodePrompt(String text) {
    return IntStream.concat(bos().stream(), IntStream.of(encode(text))).toArray();
  }

  /// Whether a prompt may end with this token. Tokenizers that join white space to the word after
  /// it should answer `false` for tokens of white space alone: cut there, a prompt would end in a
  /// token that the model knows in other places only.
  default boolean mayEnd(int tokenId) {
    return true;
  }
}
