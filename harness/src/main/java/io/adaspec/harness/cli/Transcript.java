package io.adaspec.harness.cli;

import io.adaspec.harness.target.TextCodec;
import io.adaspec.harness.target.TextCodec.TextStream;
import java.io.PrintStream;

/// Prints text as it is generated. Of the tokens that a step emits together, all but the last are
/// draft tokens that the target accepted; the last is the target's own.
final class Transcript {
  private static final String DIM = "\033[2m";
  private static final String GREEN = "\033[32m";
  private static final String RESET = "\033[0m";

  private final PrintStream out;
  private final boolean color;
  private final TextStream text;

  Transcript(Environment environment, TextCodec codec) {
    this.out = environment.out();
    this.color = environment.color();
    this.text = codec.stream();
  }

  void prompt(String prompt) {
    print(DIM, prompt);
    out.flush();
  }

  /// Tokens emitted at one instant.
  void add(int[] tokens) {
    StringBuilder accepted = new StringBuilder();
    for (int i = 0; i < tokens.length - 1; i++) {
      accepted.append(text.next(tokens[i]));
    }
    print(GREEN, accepted.toString());
    if (tokens.length > 0) {
      out.print(text.next(tokens[tokens.length - 1]));
    }
    out.flush();
  }

  void end() {
    out.println(text.finish());
  }

  private void print(String style, String piece) {
    if (!piece.isEmpty()) {
      out.print(color ? style + piece + RESET : piece);
    }
  }
}
