package io.adaspec.workload.prompt;

import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One token per character; white space may not end a prompt.
public record CharacterTokenizer(OptionalInt bos) implements PromptTokenizer {
  public static final int BOS = 0x1F680;

  /// With a beginning-of-text token.
  public CharacterTokenizer() {
    this(OptionalInt.of(BOS));
  }

  @Override
  public int[] encode(String text) {
    return text.chars().toArray();
  }

  @Override
  public boolean mayEnd(int tokenId) {
    return tokenId != BOS && !Character.isWhitespace(tokenId);
  }

  public static String decode(int[] tokens) {
    return IntStream.of(tokens).mapToObj(Character::toString).collect(Collectors.joining());
  }
}
