package io.adaspec.engine.request;

/// Why a request left the engine.
public enum FinishReason {
  /// A stop token was emitted.
  STOP,
  /// `maxNewTokens` were emitted.
  LENGTH,
  /// Cancelled by the caller.
  CANCELLED,
  /// Could never be served; refused at submission.
  REJECTED,
  /// The executor failed in a step that served it.
  FAILED;

  /// Whether the request was served to its end.
  public boolean completed() {
    return this == STOP || this == LENGTH;
  }
}
