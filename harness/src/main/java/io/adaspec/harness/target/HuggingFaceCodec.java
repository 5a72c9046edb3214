package io.adaspec.harness.target;

import io.adaspec.engine.model.ChatTemplate.Message;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.TokenStream;
import io.adaspec.engine.model.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The tokenizer of a checkpoint.
final class HuggingFaceCodec implements TextCodec {
  private final Tokenizer tokenizer;
  private final int[] stopTokens;

  /// @param tokenizer owned by the codec
  HuggingFaceCodec(Tokenizer tokenizer, ModelConfig model) {
    this.tokenizer = tokenizer;
    IntStream ofModel = model.eosIds().stream().mapToInt(id -> id);
    stopTokens = IntStream.concat(ofModel, tokenizer.eosId().stream()).distinct().toArray();
  }

  @Override
  public int[] encode(String text) {
    return tokenizer.encodePlain(text);
  }

  @Override
  public Optional<int[]> encodeChat(String user) {
    List<Message> conversation = List.of(new Message("user", user));
    return tokenizer
        .chatTemplate()
        .map(template -> tokenizer.encodePlain(template.render(conversation)));
  }

  @Override
  public OptionalInt bos() {
    return tokenizer.bosId();
  }

  @Override
  public boolean mayEnd(int token) {
    return !tokenizer.endsInWhitespace(token);
  }

  @Override
  public int[] stopTokens() {
    return stopTokens.clone();
  }

  @Override
  public TextStream stream() {
    TokenStream stream = tokenizer.stream();
    return new TextStream() {
      @Override
      public String next(int token) {
        return stream.next(token);
      }

      @Override
      public String finish() {
        return stream.finish();
      }
    };
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
