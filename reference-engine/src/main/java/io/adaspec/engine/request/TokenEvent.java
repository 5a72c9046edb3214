package io.adaspec.engine.request;

/// Tokens emitted for a request at one instant, or its end, or both.
///
/// @param nanos when, on the engine's clock
/// @param tokens emitted ids; a speculative step emits several at once, an end alone none
/// @param finish null while the request goes on
public record TokenEvent(long requestId, long nanos, int[] tokens, Finish finish) {}
