package io.adaspec.engine;

import java.util.List;

/// The raw facts of one step; times in nanoseconds.
///
/// @param startNanos when the step was planned, on the engine's clock
/// @param batch `B`, decoding requests
/// @param prefills prompt chunks beside them
/// @param prefillTokens tokens of those chunks
/// @param verifyTokens tokens of the target forward: roots, kept draft tokens and prompt tokens
/// @param contextTokens cached tokens that it reads, each request's once
/// @param draftForwards draft forwards run, the speculation length `k` of a chain
/// @param draftTokens tokens of those forwards, catching up included
/// @param drafted draft tokens proposed
/// @param verified draft tokens kept
/// @param accepted draft tokens accepted
/// @param acceptedLate those of them that were delivered to a request whose objectives were out of
///   reach at that instant: see [io.adaspec.engine.request.Slo#isLost]
/// @param emitted tokens emitted, first tokens of prompts included
/// @param predictedDraftNanos the cost model's word on the draft forwards that were run; NaN where
///   it knows nothing of them
/// @param predictedVerifyNanos the cost model's word on the target forward; NaN likewise
/// @param draftNanos measured draft forwards
/// @param prefillDraftNanos measured draft forward over prompt chunks
/// @param verifyNanos measured target forward
/// @param policyNanos inside the policy
/// @param totalNanos the whole step
/// @param usedBlocks cache blocks in use while the step ran
/// @param running requests admitted, `batch` and prefills among them
/// @param waiting requests queued
/// @param preempted requests that gave up their blocks for this step
/// @param recomputedTokens prompt tokens of this step that had been in the target's cache before a
///   preemption
/// @param failure the executor's error, empty where the step succeeded
/// @param decisions one per decoding request in batch order; empty where they are not recorded or
///   the step failed
public record StepRecord(
    long step,
    long startNanos,
    int batch,
    int prefills,
    int prefillTokens,
    int verifyTokens,
    long contextTokens,
    int draftForwards,
    int draftTokens,
    int drafted,
    int verified,
    int accepted,
    int acceptedLate,
    int emitted,
    double predictedDraftNanos,
    double predictedVerifyNanos,
    long draftNanos,
    long prefillDraftNanos,
    long verifyNanos,
    long policyNanos,
    long totalNanos,
    int usedBlocks,
    int totalBlocks,
    int running,
    int waiting,
    int preempted,
    int recomputedTokens,
    String failure,
    List<Decision> decisions) {}
