package io.adaspec.engine.request;

/// What a request used, counted by the scheduler.
///
/// @param outputTokens tokens emitted
/// @param drafted draft tokens proposed, pruned ones included
/// @param verified draft tokens sent to the target
/// @param accepted draft tokens the target accepted and that were emitted
/// @param decodeSteps steps after prefill
/// @param speculativeSteps decode steps that verified at least one draft token
/// @param preemptions times its cache was given up and recomputed
public record RequestStats(
    int outputTokens,
    int drafted,
    int verified,
    int accepted,
    int decodeSteps,
    int speculativeSteps,
    int preemptions) {
  public static final RequestStats NONE = new RequestStats(0, 0, 0, 0, 0, 0, 0);
}
