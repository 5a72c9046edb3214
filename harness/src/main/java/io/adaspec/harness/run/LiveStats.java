package io.adaspec.harness.run;

/// Where a run stands after a step.
///
/// @param ended requests that have ended, whatever way
/// @param good of those, the ones that met their objectives
/// @param outputTokens tokens emitted
/// @param running requests in the engine's batch
/// @param waiting requests queued in the engine
/// @param draftLength `k`: draft tokens sent to verification per decoding request in the latest
///   step
public record LiveStats(
    int ended, int good, long outputTokens, int running, int waiting, double draftLength) {
  public static final LiveStats NONE = new LiveStats(0, 0, 0, 0, 0, 0);
}
