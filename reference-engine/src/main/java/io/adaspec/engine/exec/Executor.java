package io.adaspec.engine.exec;

import io.adaspec.engine.sched.PrefillChunk;
import io.adaspec.engine.sched.StepPlan;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.VerificationPlan;
import java.util.List;

/// Runs forwards of the target and draft model over the paged KV caches. Called by one thread.
///
/// Cell `p` of a sequence lies in slot `blocks().slot(p, blockSize)` of both caches. In a decode
/// step the root occupies cell `length - 1`, node `n` of the proposal cell `length - 1 + n`; its
/// rotary position is `length - 1 + depth(n)`. The scheduler has reserved these cells.
public interface Executor extends AutoCloseable {
  /// Shared by target and draft.
  int vocabularySize();

  /// Whether the draft reads and writes the target's cache: it has then seen what the target has,
  /// and no tokens need to run through it but those that it drafts for.
  default boolean draftSharesCache() {
    return false;
  }

  /// Runs tokens of sequences through the draft, without scores: prompts, or tokens that the draft
  /// missed. Every chunk starts at its sequence's `draftComputed()`; a decoding sequence's ends
  /// before its root.
  void prefillDraft(List<PrefillChunk> chunks);

  /// Runs the pending expansions as one draft forward, adds their children and calls
  /// [DraftBatch#forwardDone]. Expanding a root first runs the tokens that the draft has not seen,
  /// `draftComputed() .. length() - 1`, in the same forward.
  void draft(StepPlan plan, DraftBatch drafts);

  /// One target forward over the roots, the kept nodes and the prompt chunks.
  TargetScores verify(StepPlan plan, VerificationPlan kept);

  /// Moves cache entries of all layers of both models from slots `from` to slots `to`; all reads
  /// come before all writes.
  void moveKv(int[] from, int[] to);

  @Override
  void close();
}
