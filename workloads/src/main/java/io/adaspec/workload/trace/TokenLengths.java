package io.adaspec.workload.trace;

/// Prompt and output length of one request, in tokens of the trace's own tokenizer. Zero occurs in
/// recorded traces: an output of zero is a request that failed.
public record TokenLengths(int prompt, int output) {
  public TokenLengths {
    if (prompt < 0 || output < 0) {
      throw new IllegalArgumentException(
          "token lengths must not be negative: prompt " + prompt + ", output " + output);
    }
  }
}
