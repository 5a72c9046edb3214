package io.adaspec.harness.record;

import io.adaspec.engine.request.FinishReason;
import java.util.Locale;

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

  /// The name in result files.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException naming a key that is none
  static Outcome ofKey(String key) {
    for (Outcome outcome : values()) {
      if (outcome.key().equals(key)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("unknown outcome: " + key);
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
