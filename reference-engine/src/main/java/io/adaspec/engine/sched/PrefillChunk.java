package io.adaspec.engine.sched;

import io.adaspec.engine.request.Sequence;

/// Prefill of the tokens `start .. start + length - 1` of a sequence.
public record PrefillChunk(Sequence sequence, int start, int length) {
  public PrefillChunk {
    if (length < 1 || start + length > sequence.length()) {
      throw new IllegalArgumentException("chunk " + start + "+" + length);
    }
  }

  /// Whether the chunk completes the prompt, so that its last row yields a token.
  public boolean last() {
    return start + length == sequence.length();
  }

  /// What the draft runs up to this chunk's end: it may have left out earlier chunks.
  public PrefillChunk forDraft() {
    int seen = sequence.draftComputed();
    return seen == start ? this : new PrefillChunk(sequence, seen, start + length - seen);
  }

  /// Tokens of the chunk that the target's cache had held before a preemption.
  public int recomputed() {
    return Math.clamp(sequence.lostTokens() - start, 0, length);
  }
}
