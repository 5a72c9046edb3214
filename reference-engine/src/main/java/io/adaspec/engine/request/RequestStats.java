package io.adaspec.engine.request;

import java.util.Arrays;

/// What a request used, counted by the scheduler. The arrays are owned by the record.
///
/// A draft token is *judged* where the target really ruled on it: it was kept, and its parent is
/// the root or was accepted. Accepted tokens are judged ones.
///
/// @param told whether the target tells at all; false for [#NONE] alone
/// @param outputTokens tokens emitted
/// @param drafted draft tokens proposed, pruned ones included
/// @param verified draft tokens sent to the target
/// @param accepted draft tokens the target accepted and that were emitted
/// @param decodeSteps steps after prefill
/// @param speculativeSteps decode steps that verified at least one draft token
/// @param preemptions times its cache was given up and recomputed
/// @param judgedByDepth judged draft tokens, those of depth `d` of their proposal at `d - 1`; as
///   long as the deepest judged
/// @param acceptedByDepth those of them that were accepted, of the same length
/// @param calibration confidence against acceptance of the same tokens
public record RequestStats(
    boolean told,
    int outputTokens,
    int drafted,
    int verified,
    int accepted,
    int decodeSteps,
    int speculativeSteps,
    int preemptions,
    int[] judgedByDepth,
    int[] acceptedByDepth,
    Calibration calibration) {
  private static final int[] NOTHING = {};

  /// Of a target that does not tell.
  public static final RequestStats NONE =
      new RequestStats(false, 0, 0, 0, 0, 0, 0, 0, NOTHING, NOTHING, Calibration.NONE);

  public RequestStats {
    if (judgedByDepth.length != acceptedByDepth.length) {
      throw new IllegalArgumentException(
          judgedByDepth.length + " depths judged, " + acceptedByDepth.length + " accepted");
    }
  }

  /// Of a target that tells no more than these.
  public RequestStats(
      int outputTokens,
      int drafted,
      int verified,
      int accepted,
      int decodeSteps,
      int speculativeSteps,
      int preemptions) {
    this(
        true,
        outputTokens,
        drafted,
        verified,
        accepted,
        decodeSteps,
        speculativeSteps,
        preemptions,
        NOTHING,
        NOTHING,
        Calibration.NONE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RequestStats that
        && told == that.told
        && outputTokens == that.outputTokens
        && drafted == that.drafted
        && verified == that.verified
        && accepted == that.accepted
        && decodeSteps == that.decodeSteps
        && speculativeSteps == that.speculativeSteps
        && preemptions == that.preemptions
        && Arrays.equals(judgedByDepth, that.judgedByDepth)
        && Arrays.equals(acceptedByDepth, that.acceptedByDepth)
        && calibration.equals(that.calibration);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * outputTokens + drafted) + Arrays.hashCode(acceptedByDepth);
  }

  @Override
  public String toString() {
    return ("RequestStats[told=%s, outputTokens=%d, drafted=%d, verified=%d, accepted=%d,"
            + " decodeSteps=%d, speculativeSteps=%d, preemptions=%d, judgedByDepth=%s,"
            + " acceptedByDepth=%s, calibration=%s]")
        .formatted(
            told,
            outputTokens,
            drafted,
            verified,
            accepted,
            decodeSteps,
            speculativeSteps,
            preemptions,
            Arrays.toString(judgedByDepth),
            Arrays.toString(acceptedByDepth),
            calibration);
  }
}
