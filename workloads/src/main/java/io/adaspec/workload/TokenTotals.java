package io.adaspec.workload;

/// Tokens that a trace asks for against tokens that the requests made from it have. A conversion
/// fault that leaves the number of requests alone, such as a wrong block size, shows here.
public record TokenTotals(
    long requestedPromptTokens,
    long achievedPromptTokens,
    long requestedOutputTokens,
    long achievedOutputTokens) {
  public TokenTotals {
    if (requestedPromptTokens < 0
        || achievedPromptTokens < 0
        || requestedOutputTokens < 0
        || achievedOutputTokens < 0) {
      throw new IllegalArgumentException("token totals must not be negative");
    }
  }

  /// Fails if prompts or outputs differ from what was requested by more than `tolerance`, a share
  /// of the requested tokens: 0.01 is one percent. Where nothing was requested, nothing may have
  /// been achieved.
  ///
  /// @return this
  /// @throws IllegalStateException if one of the two totals is off
  /// @throws IllegalArgumentException if the tolerance is not in [0, 1)
  public TokenTotals requireWithin(double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException("tolerance must be in [0, 1): " + tolerance);
    }
    require("prompt", requestedPromptTokens, achievedPromptTokens, tolerance);
    require("output", requestedOutputTokens, achievedOutputTokens, tolerance);
    return this;
  }

  private static void require(String what, long requested, long achieved, double tolerance) {
    if (Math.abs(achieved - requested) > tolerance * requested) {
      throw new IllegalStateException(
          "the requests have %d %s tokens, the trace asks for %d (tolerance %s)"
              .formatted(achieved, what, requested, tolerance));
    }
  }
}
