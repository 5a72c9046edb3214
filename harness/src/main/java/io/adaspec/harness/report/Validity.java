package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.Check;
import io.adaspec.harness.record.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Whether a result can be trusted.
///
/// A check is *required* where its failure means that something else was measured than what was
/// asked for. Too few samples for a tail percentile is no such thing: the percentile is marked in
/// the reports and the result stays valid, unless not even the median can be told.
public record Validity(List<Check> checks) {
  private static final double LAG_PERCENTILE = 99;
  private static final String DISPATCH = "dispatch on schedule";
  private static final String RECORDING = "recording kept up";

  private static final Set<String> DISTURBANCES =
      Set.of(
          DISPATCH,
          RECORDING,
          "no unfinished requests",
          Stimulus.ACHIEVED,
          Stimulus.DISPERSION,
          DrawnArrivals.GAPS,
          DrawnArrivals.DISPERSION);

  public boolean valid() {
    return broken().isEmpty();
  }

  /// Required checks that failed.
  public List<Check> broken() {
    return checks.stream().filter(check -> check.required() && !check.passed()).toList();
  }

  /// Whether all that is broken is what a machine that was too slow, or busy with something else,
  /// breaks.
  public boolean onlyDisturbed() {
    return broken().stream().allMatch(check -> DISTURBANCES.contains(check.name()));
  }

  /// What a valid run must keep.
  ///
  /// @param dispatchLagNanos 99th percentile of |dispatch - scheduled arrival|
  /// @param tokenTolerance relative difference of token totals
  public record Limits(long dispatchLagNanos, double tokenTolerance) {
    public static final Limits DEFAULT = new Limits(10_000_000, 0.01);

    public Limits {
      if (dispatchLagNanos <= 0) {
        throw new IllegalArgumentException("dispatch lag must be > 0 ns: " + dispatchLagNanos);
      }
      if (!(tokenTolerance >= 0)) {
        throw new IllegalArgumentException("token tolerance must be >= 0: " + tokenTolerance);
      }
    }
  }

  /// Of a whole run.
  public static Validity of(RunInfo info, Summary summary, Limits limits) {
    return of(info, summary, summary, limits);
  }

  /// @param summary of the whole run, which is what can be right or wrong
  /// @param reported of the part that is reported, which must have samples enough
  static Validity of(RunInfo info, Summary summary, Summary reported, Limits limits) {
    RequestTotals requests = summary.requests();
    RunInfo.Workload planned = info.workload();
    List<Check> checks = new ArrayList<>();
    checks.add(complete(info));
    checks.add(
        new Check(
            "requests accounted for",
            requests.arrived == planned.requests(),
            true,
            requests.arrived + " of " + planned.requests(),
            "Requests are missing; run again and let it end."));
    checks.add(
        none(
            Scalar.FAILED, summary, "Their reasons are in requests.arrow; each counts as a miss."));
    checks.add(
        none(
            Scalar.REJECTED,
            summary,
            "Requests do not fit: clip their lengths or give the engine more cache."));
    checks.add(
        none(
            Scalar.CANCELLED,
            summary,
            "Cancelled requests have no latency; run without cancelling."));
    checks.add(
        none(
            Scalar.UNFINISHED,
            summary,
            "The system did not drain: lower the arrival rate or allow more time after the last"
                + " one."));
    checks.add(dispatch(summary, limits));
    checks.addAll(Stimulus.checks(info, summary, limits));
    if (requests.arrived >= planned.requests()) {
      checks.add(
          tokens(
              "prompt tokens as planned",
              requests.allPromptTokens,
              planned.promptTokens(),
              limits));
      checks.add(
          tokens(
              "output tokens as planned",
              requests.allRequestedTokens,
              planned.outputTokens(),
              limits));
    }
    checks.add(
        tokens("output tokens as served", requests.fullTokens, requests.requestedTokens, limits));
    checks.add(
        new Check(
            RECORDING,
            info.stalls() == 0,
            true,
            info.stalls() + " waits",
            "Writing held the engine up; use a faster disk."));
    checks.add(samples(reported, 50, true));
    checks.add(samples(reported, 99, false));
    return new Validity(List.copyOf(checks));
  }

  private static Check complete(RunInfo info) {
    boolean complete = info.status() == RunInfo.Status.COMPLETE;
    String status = info.status().name().toLowerCase(ROOT);
    return new Check(
        "run complete",
        complete,
        true,
        info.statusReason().isEmpty() ? status : status + ": " + info.statusReason(),
        "The figures cover the recorded part only; run again.");
  }

  private static Check none(Scalar count, Summary summary, String advice) {
    long number = (long) summary.value(count);
    return new Check(
        "no " + count.label().toLowerCase(ROOT), number == 0, true, String.valueOf(number), advice);
  }

  private static Check dispatch(Summary summary, Limits limits) {
    double lag = summary.latency(Latency.DISPATCH_LAG).percentileMillis(LAG_PERCENTILE);
    double limit = limits.dispatchLagNanos() / 1e6;
    return new Check(
        DISPATCH,
        lag <= limit,
        true,
        String.format(ROOT, "P99 lag %.2f ms, limit %.2f ms", lag, limit),
        "The harness was late: give it a free core, or lower the arrival rate.");
  }

  private static Check tokens(String name, long actual, long expected, Limits limits) {
    return new Check(
        name,
        Math.abs(actual - expected) <= limits.tokenTolerance() * expected,
        true,
        actual + " of " + expected,
        "The workload was not served as given: check lengths and clipping.");
  }

  private static Check samples(Summary summary, double percentile, boolean required) {
    long requests = summary.latency(Latency.E2E).requests();
    long needed = Distribution.requestsFor(percentile);
    return new Check(
        String.format(ROOT, "samples for P%.0f", percentile),
        requests >= needed,
        required,
        requests + " requests, " + needed + " needed",
        "Run longer; until then take the percentile as a hint.");
  }
}
