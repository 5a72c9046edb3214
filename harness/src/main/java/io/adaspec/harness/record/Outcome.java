package io.adaspec.harness.record;

import io.adaspec.engine.request.FinishReason;

/// What became of a request.
public enum Outcome {
  STOP,
  LENGTH,
  CANCELLED,
  REJECTED,
  FAILED,
  /// The run ended before the request did.
  UNFINISHED;

  /// Whether the request was served to its end.
  public boolean completed() {
    return this == STOP || this == LENGTH;
  }

  public static Outcome of(FinishReason reason) {
    return switch (reason) {
      case STOP -> STOP;
      case LENGTH -> LENGTH;
      case CANCELLED -> CANCELLED;
      case REJECTED -> REJECTED;
      case FAILED -> FAILED;
    };
  }
}
