package io.adaspec.harness.report;

import static io.adaspec.harness.report.Metric.Direction.HIGHER_IS_BETTER;
import static io.adaspec.harness.report.Metric.Direction.LOWER_IS_BETTER;
import static io.adaspec.harness.report.Metric.Direction.NONE;

import io.adaspec.harness.record.Outcome;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Metrics with one value per run; NaN where it is undefined, for example a ratio of nothing.
public enum Scalar implements Metric {
  ARRIVED(
      "Arrived requests",
      "",
      NONE,
      "requests recorded, whatever became of them",
      of(r -> r.arrived)),
  COMPLETED(
      "Successful requests",
      "",
      HIGHER_IS_BETTER,
      "ended by a stop token or at their length",
      of(r -> r.completed)),
  FAILED(
      "Failed requests",
      "",
      LOWER_IS_BETTER,
      "ended by an error",
      of(r -> r.count(Outcome.FAILED))),
  REJECTED(
      "Rejected requests",
      "",
      LOWER_IS_BETTER,
      "refused on submission",
      of(r -> r.count(Outcome.REJECTED))),
  CANCELLED(
      "Cancelled requests",
      "",
      LOWER_IS_BETTER,
      "ended by the client",
      of(r -> r.count(Outcome.CANCELLED))),
  UNFINISHED(
      "Unfinished requests",
      "",
      LOWER_IS_BETTER,
      "the run ended before them",
      of(r -> r.count(Outcome.UNFINISHED))),
  DURATION(
      "Benchmark duration",
      "s",
      NONE,
      "first scheduled arrival to last token",
      of(RequestTotals::seconds)),
  INPUT_TOKENS(
      "Total input tokens",
      "",
      NONE,
      "prompt tokens of completed requests",
      of(r -> r.promptTokens)),
  OUTPUT_TOKENS(
      "Total generated tokens",
      "",
      NONE,
      "output tokens of completed requests",
      of(r -> r.outputTokens)),
  REQUEST_THROUGHPUT(
      "Request throughput",
      "req/s",
      HIGHER_IS_BETTER,
      "completed requests / duration",
      of(r -> r.completed / r.seconds())),
  OUTPUT_THROUGHPUT(
      "Output token throughput",
      "tok/s",
      HIGHER_IS_BETTER,
      "output tokens of completed requests / duration",
      of(r -> r.outputTokens / r.seconds())),
  TOTAL_THROUGHPUT(
      "Total Token throughput",
      "tok/s",
      HIGHER_IS_BETTER,
      "prompt and output tokens of completed requests / duration",
      of(r -> (r.promptTokens + r.outputTokens) / r.seconds())),
  ATTAINMENT(
      "SLO attainment",
      "%",
      HIGHER_IS_BETTER,
      "completed requests that met every objective set for them / all that arrived; one without a"
          + " token meets none, one token has no TPOT and cannot fail it",
      of(r -> percent(r.good, r.arrived))),
  TTFT_ATTAINMENT(
      "TTFT attainment",
      "%",
      HIGHER_IS_BETTER,
      "requests that met their TTFT objective / requests that had one",
      of(r -> percent(r.ttft.met, r.ttft.set))),
  TPOT_ATTAINMENT(
      "TPOT attainment",
      "%",
      HIGHER_IS_BETTER,
      "requests that met their TPOT objective / requests that had one",
      of(r -> percent(r.tpot.met, r.tpot.set))),
  E2E_ATTAINMENT(
      "E2EL attainment",
      "%",
      HIGHER_IS_BETTER,
      "requests that met their E2E objective / requests that had one",
      of(r -> percent(r.e2e.met, r.e2e.set))),
  GOODPUT(
      "Request goodput",
      "req/s",
      HIGHER_IS_BETTER,
      "requests counted by the attainment / duration",
      of(r -> r.good / r.seconds())),
  TOKEN_GOODPUT(
      "Token goodput",
      "tok/s",
      HIGHER_IS_BETTER,
      "output tokens of those requests / duration",
      of(r -> r.goodTokens / r.seconds())),
  DRAFTED(
      "Drafted tokens",
      "",
      NONE,
      "draft tokens proposed, of requests that ended",
      told(r -> r.drafted)),
  VERIFIED(
      "Verified tokens", "", NONE, "draft tokens that the target verified", told(r -> r.verified)),
  ACCEPTED(
      "Accepted tokens", "", NONE, "draft tokens that the target accepted", told(r -> r.accepted)),
  ACCEPTANCE_RATE(
      "Acceptance rate",
      "%",
      HIGHER_IS_BETTER,
      "accepted / verified",
      of(r -> percent(r.accepted, r.verified))),
  ACCEPTANCE_LENGTH(
      "Acceptance length",
      "",
      HIGHER_IS_BETTER,
      "tokens emitted per speculative step of a request: accepted + 1, or accepted where a stop"
          + " token was among them",
      of(r -> ratio(r.speculativeTokens, r.speculativeSteps))),
  DRAFT_EFFICIENCY(
      "Draft efficiency",
      "%",
      HIGHER_IS_BETTER,
      "accepted / drafted, pruned tokens included",
      of(r -> percent(r.accepted, r.drafted))),
  SPECULATION_LENGTH(
      "Mean speculation length",
      "",
      NONE,
      "verified / speculative steps",
      of(r -> ratio(r.verified, r.speculativeSteps))),
  SPECULATIVE_SHARE(
      "Speculative steps",
      "%",
      NONE,
      "decode steps of requests that verified a draft token / all",
      of(r -> percent(r.speculativeSteps, r.decodeSteps))),
  PREEMPTIONS(
      "Preemptions",
      "",
      LOWER_IS_BETTER,
      "times that a request's cache was given up",
      told(r -> r.preemptions)),
  STEPS("Engine steps", "", NONE, "steps recorded", step(s -> s.steps)),
  FAILED_STEPS(
      "Failed steps", "", LOWER_IS_BETTER, "steps that ended in an error", step(s -> s.failed)),
  STEP_TIME(
      "Mean step time",
      "ms",
      NONE,
      "step time / steps",
      step(s -> ratio(s.totalNanos, s.steps) / 1e6)),
  MEAN_BATCH(
      "Mean batch",
      "",
      NONE,
      "decoding requests per step that decodes",
      step(s -> ratio(s.batch, s.decoding))),
  CONTROLLER_OVERHEAD(
      "Controller overhead",
      "%",
      LOWER_IS_BETTER,
      "time inside the policy / step time",
      step(s -> percent(s.policyNanos, s.totalNanos))),
  KV_USAGE(
      "Mean KV usage",
      "%",
      NONE,
      "cache blocks in use / all, mean over steps",
      step(s -> percent(s.blockShare, s.steps))),
  PEAK_KV_USAGE(
      "Peak KV usage",
      "%",
      NONE,
      "cache blocks in use / all, largest",
      step(s -> 100 * s.peakBlockShare)),
  DRAFT_PREDICTION(
      "Draft time predicted/measured",
      "",
      NONE,
      "sum of predictions / sum of draft times",
      step(s -> ratio(s.draft.predicted, s.draft.measured))),
  DRAFT_ERROR(
      "Draft prediction error",
      "%",
      LOWER_IS_BETTER,
      "sum of |predicted - measured| / sum of draft times",
      step(s -> percent(s.draft.deviation, s.draft.measured))),
  VERIFY_PREDICTION(
      "Verify time predicted/measured",
      "",
      NONE,
      "sum of predictions / sum of verify times",
      step(s -> ratio(s.verify.predicted, s.verify.measured))),
  VERIFY_ERROR(
      "Verify prediction error",
      "%",
      LOWER_IS_BETTER,
      "sum of |predicted - measured| / sum of verify times",
      step(s -> percent(s.verify.deviation, s.verify.measured)));

  private final String label;
  private final String unit;
  private final Direction direction;
  private final String formula;
  private final ToDoubleFunction<Summary> value;

  Scalar(
      String label,
      String unit,
      Direction direction,
      String formula,
      ToDoubleFunction<Summary> value) {
    this.label = label;
    this.unit = unit;
    this.direction = direction;
    this.formula = formula;
    this.value = value;
  }

  private static ToDoubleFunction<Summary> of(ToDoubleFunction<RequestTotals> value) {
    return summary -> value.applyAsDouble(summary.requests());
  }

  /// A count that is undefined where no target told it.
  private static ToDoubleFunction<Summary> told(ToDoubleFunction<RequestTotals> value) {
    return of(totals -> totals.told == 0 ? Double.NaN : value.applyAsDouble(totals));
  }

  private static ToDoubleFunction<Summary> step(ToDoubleFunction<StepTotals> value) {
    return summary ->
        summary.steps().steps == 0 ? Double.NaN : value.applyAsDouble(summary.steps());
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }

  private static double percent(double part, double whole) {
    return 100 * ratio(part, whole);
  }

  double value(Summary summary) {
    return value.applyAsDouble(summary);
  }

  @Override
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public String formula() {
    return formula;
  }
}
