package io.adaspec.workload.trace;

import java.util.Objects;
import java.util.Optional;

/// One request of a trace.
///
/// @param arrivalNanos intended arrival in nanoseconds from the trace's zero, never negative
/// @param lengths prompt and output length; empty in traces of arrivals only
/// @param blocks content identity of the prompt, where the trace has one
/// @param category prompt category, where the trace has one
public record TracedRequest(
    long arrivalNanos,
    Optional<TokenLengths> lengths,
    Optional<PromptBlocks> blocks,
    Optional<String> category) {
  public TracedRequest {
    Objects.requireNonNull(category, "category");
    if (arrivalNanos < 0) {
      throw new IllegalArgumentException("arrival must not be negative: " + arrivalNanos + " ns");
    }
    if (blocks.isPresent()) {
      int prompt =
          lengths
              .orElseThrow(() -> new IllegalArgumentException("blocks need token lengths"))
              .prompt();
      if (prompt > blocks.get().capacity()) {
        throw new IllegalArgumentException(
            "prompt of %d tokens exceeds its blocks' %d"
                .formatted(prompt, blocks.get().capacity()));
      }
    }
  }

  /// A request of which only the arrival is known.
  public static TracedRequest arrival(long arrivalNanos) {
    return new TracedRequest(arrivalNanos, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// A request of known lengths and free content.
  public static TracedRequest of(long arrivalNanos, int promptTokens, int outputTokens) {
    return new TracedRequest(
        arrivalNanos,
        Optional.of(new TokenLengths(promptTokens, outputTokens)),
        Optional.empty(),
        Optional.empty());
  }

  /// Whether the trace records that the request produced nothing.
  boolean failed() {
    return lengths.isPresent() && lengths.get().output() == 0;
  }

  TracedRequest withArrival(long nanos) {
    return new TracedRequest(nanos, lengths, blocks, category);
  }
}
