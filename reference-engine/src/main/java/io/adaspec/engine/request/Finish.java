package io.adaspec.engine.request;

/// The end of a request.
///
/// @param detail the cause of a rejection or failure, empty otherwise
public record Finish(FinishReason reason, String detail, RequestStats stats) {}
