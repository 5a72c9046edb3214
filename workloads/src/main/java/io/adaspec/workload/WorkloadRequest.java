package io.adaspec.workload;

import java.util.Objects;

/// One request as it is sent.
///
/// @param id index in the workload, from 0
/// @param arrivalNanos intended arrival in nanoseconds from the start of the run
/// @param promptTokens the prompt, beginning-of-text token included; not copied, do not modify
/// @param maxNewTokens number of tokens to generate at most, at least 1
/// @param category kind of prompt
public record WorkloadRequest(
    int id, long arrivalNanos, int[] promptTokens, int maxNewTokens, String category) {
  public WorkloadRequest {
    Objects.requireNonNull(category, "category");
    if (id < 0 || arrivalNanos < 0 || promptTokens.length < 1 || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "bad request %d: arrival %d ns, %d prompt tokens, %d new tokens"
              .formatted(id, arrivalNanos, promptTokens.length, maxNewTokens));
    }
  }
}
