package io.adaspec.harness.report;

import static io.adaspec.harness.report.Metric.Direction.HIGHER_IS_BETTER;
import static io.adaspec.harness.report.Metric.Direction.LOWER_IS_BETTER;
import static io.adaspec.harness.report.Metric.Direction.NONE;
import static io.adaspec.harness.report.Totals.ledger;
import static io.adaspec.harness.report.Totals.of;
import static io.adaspec.harness.report.Totals.percent;
import static io.adaspec.harness.report.Totals.ratio;
import static io.adaspec.harness.report.Totals.step;
import static io.adaspec.harness.report.Totals.told;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Metrics with one value per run; NaN where it is undefined, for example a ratio of nothing.
public enum Scalar implements Metric {
  ARRIVED("Arrived requests", "requests recorded, whatever became of them", of(r -> r.arrived)),
  COMPLETED(
      "Successful requests",
      "",
      HIGHER_IS_BETTER,
      "ended by a stop token or at their length",
      of(r -> r.completed)),
  FAILED("Failed requests", "", LOWER_IS_BETTER, "ended by an error", of(r -> r.failed)),
  REJECTED("Rejected requests", "", LOWER_IS_BETTER, "refused on submission", of(r -> r.rejected)),
  CANCELLED("Cancelled requests", "", LOWER_IS_BETTER, "ended by the client", of(r -> r.cancelled)),
  UNFINISHED(
      "Unfinished requests",
      "",
      LOWER_IS_BETTER,
      "the run ended before them",
      of(r -> r.unfinished)),
  DURATION(
      "Benchmark duration",
      "s",
      NONE,
      "first scheduled arrival to last token",
      of(RequestTotals::seconds)),
  INPUT_TOKENS(
      "Total input tokens", "prompt tokens of completed requests", of(r -> r.promptTokens)),
  OUTPUT_TOKENS(
      "Total generated tokens", "output tokens of completed requests", of(r -> r.outputTokens)),
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
  WORST_CLASS_ATTAINMENT(
      "Worst class attainment",
      "%",
      HIGHER_IS_BETTER,
      "SLO attainment of the SLO class in which it is lowest",
      of(r -> r.worstClass().map(Breakdown.ByClass::attainment).orElse(Double.NaN))),
  WORST_CLASS_GOODPUT(
      "Worst class goodput",
      "req/s",
      HIGHER_IS_BETTER,
      "requests of that class counted by the attainment / duration",
      of(r -> r.worstClass().map(Breakdown.ByClass::goodput).orElse(Double.NaN))),
  DRAFTED("Drafted tokens", "draft tokens proposed, of requests that ended", told(r -> r.drafted)),
  VERIFIED("Verified tokens", "draft tokens that the target verified", told(r -> r.verified)),
  ACCEPTED("Accepted tokens", "draft tokens that the target accepted", told(r -> r.accepted)),
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
      "verified / speculative steps",
      of(r -> ratio(r.verified, r.speculativeSteps))),
  SPECULATIVE_SHARE(
      "Speculative steps",
      "%",
      NONE,
      "decode steps of requests that verified a draft token / all",
      of(r -> percent(r.speculativeSteps, r.decodeSteps))),
  MEAN_CONFIDENCE(
      "Mean confidence",
      "%",
      NONE,
      "draft's probability of its tokens, mean over judged ones: kept draft tokens whose parent is"
          + " the root or was accepted",
      of(r -> percent(r.judged.confidence(), r.judged.judged()))),
  JUDGED_ACCEPTANCE(
      "Acceptance of judged tokens",
      "%",
      HIGHER_IS_BETTER,
      "accepted / judged: the token acceptance rate, given that all before were accepted",
      of(r -> percent(r.judged.accepted(), r.judged.judged()))),
  CALIBRATION_ERROR(
      "Calibration error",
      "%",
      LOWER_IS_BETTER,
      "sum over ten bins of confidence of |sum of confidences - accepted| / judged",
      of(r -> percent(r.judged.deviation(), r.judged.judged()))),
  BRIER_SCORE(
      "Brier score",
      "",
      LOWER_IS_BETTER,
      "mean of (confidence - accepted)^2 over judged tokens, accepted being 0 or 1",
      of(r -> ratio(r.judged.squaredError, r.judged.judged()))),
  ACCEPTED_IN_TIME(Fate.ACCEPTED_IN_TIME, Charge.TOKENS),
  ACCEPTED_IN_TIME_DRAFTING(Fate.ACCEPTED_IN_TIME, Charge.DRAFTING),
  ACCEPTED_IN_TIME_VERIFYING(Fate.ACCEPTED_IN_TIME, Charge.VERIFYING),
  ACCEPTED_LATE(Fate.ACCEPTED_LATE, Charge.TOKENS),
  ACCEPTED_LATE_DRAFTING(Fate.ACCEPTED_LATE, Charge.DRAFTING),
  ACCEPTED_LATE_VERIFYING(Fate.ACCEPTED_LATE, Charge.VERIFYING),
  REJECTED_TOKENS(Fate.REJECTED, Charge.TOKENS),
  REJECTED_DRAFTING(Fate.REJECTED, Charge.DRAFTING),
  REJECTED_VERIFYING(Fate.REJECTED, Charge.VERIFYING),
  PRUNED_TOKENS(Fate.PRUNED, Charge.TOKENS),
  PRUNED_DRAFTING(Fate.PRUNED, Charge.DRAFTING),
  LOST_TOKENS(Fate.LOST, Charge.TOKENS),
  LOST_DRAFTING(Fate.LOST, Charge.DRAFTING),
  LOST_VERIFYING(Fate.LOST, Charge.VERIFYING),
  RECOMPUTED_TOKENS(
      "Recomputed tokens",
      "",
      LOWER_IS_BETTER,
      "tokens that the target computed again after preemptions",
      ledger(l -> Charge.TOKENS.of(l.recomputed()))),
  RECOMPUTED_VERIFYING(
      "Recomputed tokens, verifying",
      "s",
      LOWER_IS_BETTER,
      "time of target forwards, each in equal shares to all of its rows, of those tokens",
      ledger(l -> Charge.VERIFYING.of(l.recomputed()))),
  PREEMPTIONS(
      "Preemptions",
      "",
      LOWER_IS_BETTER,
      "times that a request's cache was given up",
      told(r -> r.preemptions)),
  STEPS("Engine steps", "steps recorded", step(s -> s.steps)),
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

  /// A count.
  Scalar(String label, String formula, ToDoubleFunction<Summary> value) {
    this(label, "", NONE, formula, value);
  }

  /// An entry of the waste ledger.
  Scalar(Fate fate, Charge charge) {
    this(
        charge.label(fate),
        charge.unit(),
        fate.direction(),
        charge.formula(fate),
        ledger(entries -> charge.of(entries.of(fate))));
  }

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
