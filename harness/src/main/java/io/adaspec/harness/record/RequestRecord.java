package io.adaspec.harness.record;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import java.util.Objects;

/// The raw facts of one request. Times are nanoseconds on the clock of the run; every metric is
/// derived from them elsewhere.
///
/// @param category the request's class in the workload, for example a prompt category; may be empty
/// @param sloClass the class that its objectives are those of; empty where there are no classes
/// @param scheduledNanos arrival in the trace; every latency counts from it
/// @param dispatchedNanos when the harness submitted it, [#NEVER] where it did not
/// @param requestedOutputTokens the output length that was asked for
/// @param stats what the engine counted; [RequestStats#NONE] where the target does not tell
/// @param emissions when tokens arrived
/// @param reason the cause of a rejection or failure, empty otherwise
public record RequestRecord(
    long id,
    String category,
    String sloClass,
    long scheduledNanos,
    long dispatchedNanos,
    int promptTokens,
    int requestedOutputTokens,
    Slo slo,
    Emissions emissions,
    RequestStats stats,
    Outcome outcome,
    String reason) {
  /// A time that did not come.
  public static final long NEVER = Long.MIN_VALUE;

  public RequestRecord {
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(sloClass, "sloClass");
    Objects.requireNonNull(slo, "slo");
    Objects.requireNonNull(emissions, "emissions");
    Objects.requireNonNull(stats, "stats");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
  }

  public int outputTokens() {
    return emissions.total();
  }

  /// The first emission, [#NEVER] without one.
  public long firstTokenNanos() {
    return emissions.size() == 0 ? NEVER : emissions.nanos()[0];
  }

  /// The last emission, [#NEVER] without one.
  public long lastTokenNanos() {
    return emissions.size() == 0 ? NEVER : emissions.nanos()[emissions.size() - 1];
  }
}
