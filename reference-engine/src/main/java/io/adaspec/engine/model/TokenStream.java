package io.adaspec.engine.model;

import java.util.Arrays;

/// Turns tokens into text as they arrive. Text is held back while the newest tokens end inside a
/// UTF-8 character, so that the pieces joined are the text of the whole. For one thread.
public final class TokenStream {
  private static final int REPLACEMENT = 0xFFFD;

  /// A UTF-8 character has at most 4 bytes: this many tokens that never end on a character are not
  /// UTF-8.
  private static final int PATIENCE = 12;

  private final Tokenizer tokenizer;
  private int[] window = new int[16];
  private int size;
  private int emitted;

  TokenStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// Takes the next token and returns the text that it completes, perhaps empty.
  public String next(int token) {
    if (size == window.length) {
      window = Arrays.copyOf(window, 2 * size);
    }
    window[size++] = token;
    boolean hold = size - emitted < PATIENCE;
    return emit(hold);
  }

  /// Ends the text: whatever was held back, incomplete characters as U+FFFD.
  public String finish() {
    return emit(false);
  }

  /// The window starts with already emitted tokens: decoders that drop a leading space need the
  /// context.
  private String emit(boolean holdIncomplete) {
    String known = tokenizer.decode(Arrays.copyOf(window, emitted));
    String text = tokenizer.decode(Arrays.copyOf(window, size));
    boolean incomplete = text.length() > 0 && text.charAt(text.length() - 1) == REPLACEMENT;
    if (incomplete && holdIncomplete || text.length() < known.length()) {
      return "";
    }
    String piece = text.substring(known.length());
    System.arraycopy(window, emitted, window, 0, size - emitted);
    size -= emitted;
    emitted = size;
    return piece;
  }
}
