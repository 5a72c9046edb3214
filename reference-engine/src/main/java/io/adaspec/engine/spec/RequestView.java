package io.adaspec.engine.spec;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenView;

/// What a policy may know of one request of the decode batch.
///
/// @param tokens prompt and emitted tokens; the last one is the proposal's root
/// @param contextTokens `c_i`: tokens in the target's cache, the root excluded
/// @param draftLag tokens that the draft has not seen, the root included; its first forward runs
///   them all
/// @param maxNodes draft tokens there is room for in this step (cache blocks, policy limit)
/// @param maxDepth longest path that may be proposed (tokens the request may still emit, less one)
/// @param outputTokens tokens emitted so far, at least 1
/// @param firstTokenNanos when the first of them was emitted
public record RequestView(
    long id,
    TokenView tokens,
    int contextTokens,
    int draftLag,
    int maxNodes,
    int maxDepth,
    int outputTokens,
    Slo slo,
    long arrivalNanos,
    long firstTokenNanos) {}
