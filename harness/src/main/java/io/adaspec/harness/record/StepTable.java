package io.adaspec.harness.record;

import io.adaspec.engine.StepRecord;
import java.util.Objects;

/// One row per engine step.
final class StepTable {
  private static final String TOKENS = "tokens";

  private StepTable() {}

  /// @param origin start of the run on the clock of the records; 0 to read
  static Table<StepRecord> of(long origin) {
    return Table.<StepRecord>named("steps")
        .int64("step", "", "number of the step", StepRecord::step)
        .int64("start_ns", "ns", "when it was planned", row -> row.startNanos() - origin)
        .int32("batch", "requests", "decoding requests", StepRecord::batch)
        .int32("prefills", "chunks", "prompt chunks beside them", StepRecord::prefills)
        .int32("prefill_tokens", TOKENS, "tokens of those chunks", StepRecord::prefillTokens)
        .int32("verify_tokens", TOKENS, "tokens of the target forward", StepRecord::verifyTokens)
        .int64("context_tokens", TOKENS, "context they attend to", StepRecord::contextTokens)
        .int32("draft_forwards", "forwards", "draft forwards", StepRecord::draftForwards)
        .int32("draft_tokens", TOKENS, "tokens of those forwards", StepRecord::draftTokens)
        .int32("drafted", TOKENS, "draft tokens proposed", StepRecord::drafted)
        .int32("verified", TOKENS, "draft tokens kept", StepRecord::verified)
        .int32("accepted", TOKENS, "draft tokens accepted", StepRecord::accepted)
        .int32(
            "accepted_late",
            TOKENS,
            "those of them whose request could no longer meet its objectives",
            StepRecord::acceptedLate)
        .int32("emitted", TOKENS, "tokens emitted", StepRecord::emitted)
        .float64("predicted_draft_ns", "ns", "predicted drafting", StepRecord::predictedDraftNanos)
        .float64(
            "predicted_verify_ns", "ns", "predicted verifying", StepRecord::predictedVerifyNanos)
        .int64("draft_ns", "ns", "measured draft forwards", StepRecord::draftNanos)
        .int64(
            "prefill_draft_ns",
            "ns",
            "measured draft forward over prompt chunks",
            StepRecord::prefillDraftNanos)
        .int64("verify_ns", "ns", "measured target forward", StepRecord::verifyNanos)
        .int64("policy_ns", "ns", "time inside the policy", StepRecord::policyNanos)
        .int64("total_ns", "ns", "the whole step", StepRecord::totalNanos)
        .int32("used_blocks", "blocks", "cache blocks in use", StepRecord::usedBlocks)
        .int32("total_blocks", "blocks", "cache blocks there are", StepRecord::totalBlocks)
        .int32("running", "requests", "requests admitted", StepRecord::running)
        .int32("waiting", "requests", "requests queued", StepRecord::waiting)
        .int32("preempted", "requests", "requests that gave up their cache", StepRecord::preempted)
        .int32(
            "recomputed_tokens",
            TOKENS,
            "prompt tokens that had been in the cache before a preemption",
            StepRecord::recomputedTokens)
        .utf8(
            "failure",
            "the executor's error, empty without one",
            row -> Objects.requireNonNullElse(row.failure(), "unknown"))
        .column(
            DecisionColumn.FIELD,
            (vector, index, row) -> DecisionColumn.write(vector, index, row.decisions(), origin))
        .readAs(
            row ->
                new StepRecord(
                    row.int64("step"),
                    row.int64("start_ns"),
                    row.int32("batch"),
                    row.int32("prefills"),
                    row.int32("prefill_tokens"),
                    row.int32("verify_tokens"),
                    row.int64("context_tokens"),
                    row.int32("draft_forwards"),
                    row.int32("draft_tokens"),
                    row.int32("drafted"),
                    row.int32("verified"),
                    row.int32("accepted"),
                    row.int32("accepted_late"),
                    row.int32("emitted"),
                    row.float64("predicted_draft_ns"),
                    row.float64("predicted_verify_ns"),
                    row.int64("draft_ns"),
                    row.int64("prefill_draft_ns"),
                    row.int64("verify_ns"),
                    row.int64("policy_ns"),
                    row.int64("total_ns"),
                    row.int32("used_blocks"),
                    row.int32("total_blocks"),
                    row.int32("running"),
                    row.int32("waiting"),
                    row.int32("preempted"),
                    row.int32("recomputed_tokens"),
                    row.utf8("failure"),
                    DecisionColumn.read(row)));
  }
}
