package io.adaspec.engine.spec;

import java.util.List;

/// What a policy observes after a step. Valid during the call only: the drafts are reused.
///
/// @param accepted the verdict on each request of the batch
/// @param draftNanos measured time of all draft forwards
/// @param verifyNanos measured time of the target forward
public record StepOutcome(
    BatchView batch,
    DraftBatch drafts,
    List<Acceptance> accepted,
    long draftNanos,
    long verifyNanos) {}
