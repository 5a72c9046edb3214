package io.adaspec.harness.record;

/// One condition of a valid result.
///
/// @param required a failed required check makes the result invalid; a failed advisory one is shown
///   only
/// @param detail what was measured against what
/// @param advice what to do about a failure
public record Check(String name, boolean passed, boolean required, String detail, String advice) {}
