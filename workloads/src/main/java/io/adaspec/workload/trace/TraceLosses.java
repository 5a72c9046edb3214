package io.adaspec.workload.trace;

/// What has been left out of a trace since it was read.
///
/// @param failedRequests requests dropped because they produced no output
/// @param outsideWindow requests dropped because they arrive outside the window
/// @param beyondLimit requests dropped because of the limit on their number
/// @param promptTokensCut prompt tokens of the remaining requests, after scaling, above the cap
/// @param outputTokensCut output tokens of the remaining requests, after scaling, above the cap
public record TraceLosses(
    long failedRequests,
    long outsideWindow,
    long beyondLimit,
    long promptTokensCut,
    long outputTokensCut) {
  public static final TraceLosses NONE = new TraceLosses(0, 0, 0, 0, 0);

  public TraceLosses {
    if (Math.min(
            Math.min(failedRequests, outsideWindow),
            Math.min(beyondLimit, Math.min(promptTokensCut, outputTokensCut)))
        < 0) {
      throw new IllegalArgumentException("losses must not be negative");
    }
  }

  TraceLosses plus(TraceLosses other) {
    return new TraceLosses(
        failedRequests + other.failedRequests,
        outsideWindow + other.outsideWindow,
        beyondLimit + other.beyondLimit,
        promptTokensCut + other.promptTokensCut,
        outputTokensCut + other.outputTokensCut);
  }
}
