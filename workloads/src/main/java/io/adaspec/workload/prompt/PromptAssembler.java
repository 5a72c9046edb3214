package io.adaspec.workload.prompt;

import io.adaspec.workload.trace.PromptBlocks;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds the prompts of one trace in order, so that equal prompt blocks become equal tokens.
///
/// A block has the tokens that the first request with it gave it: a request keeps the known blocks
/// at its beginning and continues with text of its own. Blocks of equal id are therefore equal
/// token by token, except that the last token of a prompt may be replaced where the prompt may not
/// end with it, and that the beginning-of-text token stands at position 0 and nowhere else.
///
/// Not thread-safe. Calls must come in the order of the trace for the result to be reproducible.
public final class PromptAssembler {
  private final PromptFitter fitter;
  private final Map<Long, Origin> origins = new HashMap<>();

  public PromptAssembler(PromptFitter fitter) {
    this.fitter = fitter;
  }

  /// A prompt of exactly `length` tokens.
  ///
  /// @param category wanted category, otherwise one is drawn; a prompt whose last block is known
  ///   already has that block's category
  /// @throws IllegalArgumentException if the category is unknown, the length is not positive or
  ///   exceeds the blocks
  public Assembled assemble(
      int requestIndex, Optional<String> category, int length, Optional<PromptBlocks> blocks) {
    String chosen = category.orElseGet(() -> fitter.categoryOf(requestIndex));
    return blocks
        .map(known -> fromBlocks(requestIndex, chosen, length, known))
        .orElseGet(() -> new Assembled(fitter.fit(requestIndex, chosen, length), chosen));
  }

  /// A prompt and the category of the text that it ends with.
  public record Assembled(int[] tokens, String category) {}

  private Assembled fromBlocks(int requestIndex, String category, int length, PromptBlocks blocks) {
    if (length > blocks.capacity()) {
      throw new IllegalArgumentException(
          "prompt of %d tokens exceeds its blocks' %d".formatted(length, blocks.capacity()));
    }
    // One token more than needed: a block of fractional size may be longer at another position.
    int[] own = fitter.text(requestIndex, category, blocks.capacity() + 1);
    int[] prompt = Arrays.copyOf(own, length);
    List<Long> ids = blocks.ids();
    Origin last = null;
    int afterLast = length;
    for (int i = 0; i < ids.size() && blocks.boundary(i) < length; i++) {
      int from = blocks.boundary(i);
      int to = Math.min(blocks.boundary(i + 1), length);
      last = origins.computeIfAbsent(ids.get(i), id -> new Origin(own, from, category));
      System.arraycopy(last.text(), last.from(), prompt, from, to - from);
      if (fitter.startsWithBos() && (from == 0) != (last.from() == 0)) {
        prompt[from] = own[from];
      }
      afterLast = last.from() + to - from;
    }
    return new Assembled(fitter.cut(prompt, last.text(), afterLast), last.category());
  }

  private record Origin(int[] text, int from, String category) {}
}
