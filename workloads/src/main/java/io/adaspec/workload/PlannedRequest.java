package io.adaspec.workload;

import io.adaspec.workload.trace.PromptBlocks;
import io.adaspec.workload.trace.TokenLengths;
import java.util.Objects;
import java.util.Optional;

/// One request as planned: everything but its text.
///
/// @param id index in the workload, from 0
/// @param arrivalNanos intended arrival in nanoseconds from the start of the run
/// @param lengths of prompt and output in tokens, at least 1 each
/// @param category kind of prompt
/// @param blocks content identity of the prompt, where the trace has one
public record PlannedRequest(
    int id,
    long arrivalNanos,
    TokenLengths lengths,
    String category,
    Optional<PromptBlocks> blocks) {
  public PlannedRequest {
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(blocks, "blocks");
    if (id < 0 || arrivalNanos < 0 || lengths.prompt() < 1 || lengths.output() < 1) {
      throw new IllegalArgumentException(
          "bad request %d: arrival %d ns, %d prompt tokens, %d new tokens"
              .formatted(id, arrivalNanos, lengths.prompt(), lengths.output()));
    }
  }

  /// The same request with other lengths. Blocks keep covering a prompt that does not grow.
  public PlannedRequest withLengths(TokenLengths other) {
    return new PlannedRequest(id, arrivalNanos, other, category, blocks);
  }

  /// Prompt and output.
  public long tokens() {
    return (long) lengths.prompt() + lengths.output();
  }
}
