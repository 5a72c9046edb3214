package io.adaspec.harness.sim;

/// One forward of a decoder as a cost model sees it.
///
/// @param requests that the tokens are of
/// @param newTokens tokens that are run, all sequences together
/// @param contextTokens cached tokens that are read, each sequence's once
/// @param attentionPairs query-key pairs of one head: for every new token the tokens that it
///   attends to, itself included
/// @param scoredRows tokens whose logits are computed
public record ForwardShape(
    int requests, int newTokens, long contextTokens, long attentionPairs, int scoredRows) {}
