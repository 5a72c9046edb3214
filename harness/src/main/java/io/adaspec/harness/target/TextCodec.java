package io.adaspec.harness.target;

import io.adaspec.workload.prompt.PromptTokenizer;
import java.util.Optional;

/// Text to token ids and back, as the served model does it.
public interface TextCodec extends PromptTokenizer, AutoCloseable {
  /// The tokens of a conversation that `user` opens, up to where the reply begins, its special tokens
  /// included; empty where the model says nothing of conversations.
  default Optional<int[]> encodeChat(String user) {
    return Optional.empty();
  }

  /// The tokens that end a generation; perhaps none.
  int[] stopTokens();

  @Override
  default void close() {}

  /// A decoder for the tokens of one generation, as they arrive.
  TextStream stream();

  /// Turns tokens into text as they arrive; a character that is not complete yet is held back.
  interface TextStream {
    /// Takes the next token and returns the text that it completes, perhaps empty.
    String next(int token);

    /// Ends the text: whatever was held back.
    String finish();
  }
}
