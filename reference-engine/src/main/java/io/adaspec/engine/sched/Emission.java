package io.adaspec.engine.sched;

import io.adaspec.engine.request.Finish;

/// Tokens that a step emitted for a request, or the request's end, or both.
///
/// @param tokens emitted ids, perhaps none
/// @param finish null while the request goes on
public record Emission(long requestId, int[] tokens, Finish finish) {}
