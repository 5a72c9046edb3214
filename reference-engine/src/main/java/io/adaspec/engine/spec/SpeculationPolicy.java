package io.adaspec.engine.spec;

/// Decides, step by step, what is drafted and what of it is verified. One class, data in and data
/// out: no device calls, no clock, no threads. An instance serves one engine and is called by its
/// thread alone.
///
/// Per step the engine calls [#grow] before the first and after every draft forward until it asks
/// for nothing, then [#prune] once, and [#observe] when the target has spoken. A step without
/// decoding requests calls none of them.
public interface SpeculationPolicy {
  /// Whether the prompt tokens of a step run through the draft, too. What a request's draft cache
  /// lacks later, its first draft forward or [DraftBatch#catchUp] makes good; a request that never
  /// speculates never pays for it.
  default boolean prefillsDraft(BatchView batch) {
    return true;
  }

  /// Asks for the next draft forward with [DraftBatch#expand]; asking for nothing ends the
  /// drafting. A policy without a draft model adds tokens to the proposals itself.
  void grow(BatchView batch, DraftBatch drafts);

  /// Drops draft tokens that are not worth verifying with [Proposal#drop].
  default void prune(BatchView batch, DraftBatch drafts) {}

  /// Learns from the step.
  default void observe(StepOutcome outcome) {}
}
