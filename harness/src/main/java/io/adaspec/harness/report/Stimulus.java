package io.adaspec.harness.report;

import static java.util.Locale.ROOT;

import io.adaspec.harness.record.Check;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunInfo;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether the load was the load that was asked for: checks of what was sent, from the records, the
/// planned schedule's digest and, where arrivals are drawn, the process they are drawn from. What
/// is not known of a run (an older one, arrivals of a trace, one that lacks requests) is not
/// checked.
public final class Stimulus {
  /// Key of [#digest] below `workload` in a run's configuration.
  public static final String ARRIVALS_DIGEST = "arrivals_sha256";

  static final String ACHIEVED = "arrivals achieved";
  static final String DISPERSION = "dispersion as planned";
  private static final int FEWEST = 10;
  private static final double SPAN_TOLERANCE = 0.01;
  private static final double DISPERSION_TOLERANCE = 0.25;
  private static final int REQUESTS_PER_BIN = 10;
  private static final long SECOND = 1_000_000_000;

  /// Gaps that a process of independent ones hardly ever starts with.
  private static final double IDLE_GAPS = 20;

  private final long[] scheduled;
  private final long[] dispatched;
  private final Map<?, ?> workload;
  private final RequestTotals totals;
  private final int requests;

  private Stimulus(RunInfo info, Summary summary) {
    this.scheduled = summary.timeline().scheduled();
    this.dispatched = summary.timeline().dispatched();
    this.workload = info.config().get("workload") instanceof Map<?, ?> map ? map : Map.of();
    this.totals = summary.requests();
    this.requests = info.workload().requests();
  }

  /// SHA-256 of arrivals in nanoseconds from the start of the run, in lower-case hexadecimal.
  public static String digest(long[] arrivals) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * arrivals.length);
    bytes.asLongBuffer().put(arrivals);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static List<Check> checks(RunInfo info, Summary summary, Validity.Limits limits) {
    return new Stimulus(info, summary).checks(limits);
  }

  private List<Check> checks(Validity.Limits limits) {
    List<Check> checks = new ArrayList<>();
    if (scheduled.length >= requests && workload.get(ARRIVALS_DIGEST) instanceof String planned) {
      checks.add(asPlanned(planned));
    }
    checks.add(achieved(limits));
    Optional<DrawnArrivals> process = DrawnArrivals.of(workload);
    if (scheduled.length >= FEWEST) {
      checks.add(startsAtOnce());
      checks.add(resolution());
      if (process.isPresent()) {
        checks.addAll(process.get().checks(scheduled, sent()));
      } else if (Arrays.stream(scheduled).distinct().count() >= FEWEST) {
        checks.add(dispersion());
      }
    }
    checks.add(inOrder());
    if (totals.accepted > 0) {
      checks.add(bursts());
    }
    return checks;
  }

  private Check asPlanned(String planned) {
    boolean equal = digest(scheduled).equals(planned);
    return new Check(
        "arrivals as planned",
        equal,
        true,
        equal ? scheduled.length + " scheduled times" : "the recorded schedule is another",
        "The harness measured against another schedule than it was given; its latencies hide"
            + " delays. Report this.");
  }

  /// Catches what a percentile of the lag does not: requests never sent, a schedule that stretches.
  private Check achieved(Validity.Limits limits) {
    long[] sent = sent();
    long asked = span(scheduled);
    long took = span(sent);
    double tolerance = Math.max(SPAN_TOLERANCE * asked, 2.0 * limits.dispatchLagNanos());
    return new Check(
        ACHIEVED,
        sent.length == scheduled.length && Math.abs(took - asked) <= tolerance,
        true,
        String.format(
            ROOT,
            "%d of %d sent, over %.2f of %.2f s",
            sent.length,
            scheduled.length,
            (double) took / SECOND,
            (double) asked / SECOND),
        "Requests were held back or sent at another rate: the load was not the one asked for.");
  }

  private long[] sent() {
    return Arrays.stream(dispatched).filter(nanos -> nanos != RequestRecord.NEVER).toArray();
  }

  private static long span(long[] times) {
    return times.length == 0
        ? 0
        : Arrays.stream(times).max().getAsLong() - Arrays.stream(times).min().getAsLong();
  }

  /// An idle lead counts in no latency, but is not what a trace means by its first time stamp.
  private Check startsAtOnce() {
    long largest = 0;
    for (int i = 1; i < scheduled.length; i++) {
      largest = Math.max(largest, scheduled[i] - scheduled[i - 1]);
    }
    double mean = (double) span(scheduled) / (scheduled.length - 1);
    return new Check(
        "starts with a request",
        scheduled[0] <= Math.max(largest, IDLE_GAPS * mean),
        false,
        String.format(ROOT, "first after %.2f s", (double) scheduled[0] / SECOND),
        "The trace starts with idle time; cut it with --start.");
  }

  private Check resolution() {
    boolean whole =
        Arrays.stream(scheduled).allMatch(nanos -> nanos % SECOND == 0)
            && Arrays.stream(scheduled).distinct().count() >= FEWEST;
    return new Check(
        "arrivals below a second",
        !whole,
        false,
        whole ? "whole seconds" : "finer than whole seconds",
        "Time stamps in whole seconds send all requests of a second at once.");
  }

  /// Of a trace's arrivals, which need not follow any law: sent as bursty as planned.
  private Check dispersion() {
    int bins = Math.max(2, scheduled.length / REQUESTS_PER_BIN);
    double planned = dispersion(scheduled, bins);
    double achieved = dispersion(sent(), bins);
    return new Check(
        DISPERSION,
        Math.abs(achieved - planned) <= DISPERSION_TOLERANCE * Math.max(1, planned),
        true,
        String.format(ROOT, "index %.2f of %.2f", achieved, planned),
        "Requests were sent in other bursts than planned.");
  }

  /// Variance over mean of the number of arrivals per bin, from 0 to the last one; NaN without any.
  static double dispersion(long[] arrivals, int bins) {
    long end = Arrays.stream(arrivals).max().orElse(0) + 1;
    long[] counts = new long[bins];
    for (long arrival : arrivals) {
      counts[(int) Math.clamp((double) arrival / end * bins, 0, bins - 1)]++;
    }
    double mean = (double) arrivals.length / bins;
    double squares = Arrays.stream(counts).mapToDouble(c -> (c - mean) * (c - mean)).sum();
    return squares / (bins - 1) / mean;
  }

  private Check inOrder() {
    return new Check(
        "times in order",
        totals.disordered == 0,
        true,
        totals.disordered + " requests out of order",
        "Time stamps do not come from one monotone clock.");
  }

  /// A speculative step's tokens arrive together; spread out they hide what users see.
  private Check bursts() {
    long together = totals.speculativeTokens - totals.speculativeSteps;
    return new Check(
        "bursts recorded",
        together >= totals.accepted - totals.told,
        true,
        "%d tokens came with another, %d accepted".formatted(together, totals.accepted),
        "Tokens of one step were recorded at different times: inter-token latency is wrong.");
  }
}
