package io.adaspec.harness.record;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;

/// One row per request.
final class RequestTable {
  private static final String GAP = "gap_ns";
  private static final String TOKENS = "tokens";

  private RequestTable() {}

  /// @param origin start of the run on the clock of the records; 0 to read
  static Table<RequestRecord> of(long origin) {
    return Table.<RequestRecord>named("requests")
        .int64("id", "", "number of the request in the run", RequestRecord::id)
        .utf8("category", "class of the request in the workload", RequestRecord::category)
        .utf8(
            "slo_class",
            "class of its objectives, empty where there are none",
            RequestRecord::sloClass)
        .int64("scheduled_ns", "ns", "scheduled arrival", row -> row.scheduledNanos() - origin)
        .nullable(
            "dispatched_ns",
            "ns",
            "submission by the harness, null where it did not come to that",
            row -> since(origin, row.dispatchedNanos()))
        .nullable(
            "first_token_ns",
            "ns",
            "first emission, null without one",
            row -> since(origin, row.firstTokenNanos()))
        .nullable(
            "last_token_ns",
            "ns",
            "last emission, null without one",
            row -> since(origin, row.lastTokenNanos()))
        .int32("prompt_tokens", "tokens", "prompt length", RequestRecord::promptTokens)
        .int32("output_tokens", "tokens", "tokens emitted", RequestRecord::outputTokens)
        .int32(
            "requested_output_tokens",
            "tokens",
            "output length asked for",
            RequestRecord::requestedOutputTokens)
        .nullable(
            "slo_ttft_ns",
            "ns",
            "objective for the first token, from the scheduled arrival; null without one",
            row -> objective(row.slo().ttftNanos()))
        .nullable(
            "slo_tpot_ns",
            "ns",
            "objective per output token after the first; null without one",
            row -> objective(row.slo().tpotNanos()))
        .nullable(
            "slo_e2e_ns",
            "ns",
            "objective for the last token, from the scheduled arrival; null without one",
            row -> objective(row.slo().e2eNanos()))
        .nullable(
            "drafted", TOKENS, "draft tokens proposed" + IF_KNOWN, stat(RequestStats::drafted))
        .nullable("verified", TOKENS, "draft tokens kept" + IF_KNOWN, stat(RequestStats::verified))
        .nullable(
            "accepted", TOKENS, "draft tokens accepted" + IF_KNOWN, stat(RequestStats::accepted))
        .nullable(
            "decode_steps",
            "steps",
            "steps after prefill" + IF_KNOWN,
            stat(RequestStats::decodeSteps))
        .nullable(
            "speculative_steps",
            "steps",
            "decode steps that verified a draft token" + IF_KNOWN,
            stat(RequestStats::speculativeSteps))
        .nullable(
            "preemptions",
            "times",
            "cache given up and recomputed" + IF_KNOWN,
            stat(RequestStats::preemptions))
        .int32s(
            "judged_by_depth",
            TOKENS,
            "kept draft tokens whose parent is the root or was accepted, those of depth d at d - 1;"
                + " empty where the target does not tell",
            row -> row.stats().judgedByDepth())
        .int32s(
            "accepted_by_depth",
            TOKENS,
            "those of them that were accepted",
            row -> row.stats().acceptedByDepth())
        .column(
            CalibrationColumn.FIELD,
            (vector, index, row) ->
                CalibrationColumn.write((ListVector) vector, index, row.stats()))
        .float64(
            "squared_error",
            "",
            "sum of (confidence - accepted)^2 over the judged tokens",
            row -> row.stats().calibration().squaredError())
        .utf8(
            "outcome",
            "stop | length | cancelled | rejected | failed | unfinished",
            row -> row.outcome().key())
        .utf8("reason", "cause of a rejection or failure", RequestRecord::reason)
        .column(EMISSIONS, (vector, index, row) -> writeEmissions((ListVector) vector, index, row))
        .readAs(RequestTable::request);
  }

  private static final String IF_KNOWN = "; null where the target does not tell";

  private static final Field EMISSIONS =
      Table.structs(
          "emissions",
          "one entry per instant at which tokens were emitted",
          Table.field(
              GAP,
              Table.INT64,
              "ns",
              "since the emission before; of the first, since the scheduled arrival"),
          Table.field(TOKENS, Table.INT32, TOKENS, "emitted at once"));

  private static long since(long origin, long nanos) {
    return nanos == RequestRecord.NEVER ? Table.ABSENT : nanos - origin;
  }

  private static long objective(long nanos) {
    return nanos == Slo.NONE ? Table.ABSENT : nanos;
  }

  private static ToLongFunction<RequestRecord> stat(ToIntFunction<RequestStats> value) {
    return row -> row.stats().told() ? value.applyAsInt(row.stats()) : Table.ABSENT;
  }

  private static void writeEmissions(ListVector list, int index, RequestRecord row) {
    Emissions emissions = row.emissions();
    StructVector items = (StructVector) list.getDataVector();
    BigIntVector gaps = items.getChild(GAP, BigIntVector.class);
    IntVector counts = items.getChild(TOKENS, IntVector.class);
    int start = list.startNewValue(index);
    int end = start + emissions.size();
    appendPresent(start, end, items, gaps, counts);
    ArrowBuf gapData = gaps.getDataBuffer();
    ArrowBuf countData = counts.getDataBuffer();
    long before = row.scheduledNanos();
    for (int i = 0; i < emissions.size(); i++) {
      gapData.setLong((long) (start + i) * BigIntVector.TYPE_WIDTH, emissions.nanos()[i] - before);
      countData.setInt((long) (start + i) * IntVector.TYPE_WIDTH, emissions.tokens()[i]);
      before = emissions.nanos()[i];
    }
    list.endValue(index, emissions.size());
  }

  /// Once for all emissions of a request: there are more of them than of anything else.
  private static void appendPresent(int start, int end, FieldVector... vectors) {
    for (FieldVector vector : vectors) {
      while (vector.getValueCapacity() < end) {
        vector.reAlloc();
      }
      Table.setPresent(vector.getValidityBuffer(), start, end);
    }
  }

  private static Emissions readEmissions(Row row, long scheduled) {
    ListVector list = row.vector(EMISSIONS.getName(), ListVector.class);
    StructVector items = (StructVector) list.getDataVector();
    BigIntVector gaps = items.getChild(GAP, BigIntVector.class);
    IntVector counts = items.getChild(TOKENS, IntVector.class);
    int start = list.getElementStartIndex(row.index());
    int size = list.getElementEndIndex(row.index()) - start;
    long[] nanos = new long[size];
    int[] tokens = new int[size];
    long at = scheduled;
    for (int i = 0; i < size; i++) {
      at += gaps.get(start + i);
      nanos[i] = at;
      tokens[i] = counts.get(start + i);
    }
    return new Emissions(nanos, tokens);
  }

  private static RequestRecord request(Row row) {
    long scheduled = row.int64("scheduled_ns");
    Emissions emissions = readEmissions(row, scheduled);
    return new RequestRecord(
        row.int64("id"),
        row.utf8("category"),
        row.utf8("slo_class"),
        scheduled,
        row.nullable("dispatched_ns"),
        row.int32("prompt_tokens"),
        row.int32("requested_output_tokens"),
        new Slo(
            objective(row, "slo_ttft_ns"),
            objective(row, "slo_tpot_ns"),
            objective(row, "slo_e2e_ns")),
        emissions,
        stats(row, emissions.total()),
        Outcome.ofKey(row.utf8("outcome")),
        row.utf8("reason"));
  }

  private static long objective(Row row, String column) {
    long nanos = row.nullable(column);
    return nanos == Table.ABSENT ? Slo.NONE : nanos;
  }

  private static RequestStats stats(Row row, int outputTokens) {
    if (row.nullable("drafted") == Table.ABSENT) {
      return RequestStats.NONE;
    }
    return new RequestStats(
        true,
        outputTokens,
        (int) row.nullable("drafted"),
        (int) row.nullable("verified"),
        (int) row.nullable("accepted"),
        (int) row.nullable("decode_steps"),
        (int) row.nullable("speculative_steps"),
        (int) row.nullable("preemptions"),
        row.int32s("judged_by_depth"),
        row.int32s("accepted_by_depth"),
        CalibrationColumn.read(row, row.float64("squared_error")));
  }
}
