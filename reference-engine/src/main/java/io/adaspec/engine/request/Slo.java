package io.adaspec.engine.request;

/// Latency objectives of a request in nanoseconds; [#NONE] where none is set.
///
/// @param ttftNanos time to first token, from the scheduled arrival
/// @param tpotNanos time per output token after the first
/// @param e2eNanos last token, from the scheduled arrival
public record Slo(long ttftNanos, long tpotNanos, long e2eNanos) {
  /// The value of an objective that is not set.
  public static final long NONE = Long.MAX_VALUE;

  public static final Slo UNCONSTRAINED = new Slo(NONE, NONE, NONE);

  public Slo {
    requirePositive("ttft", ttftNanos);
    requirePositive("tpot", tpotNanos);
    requirePositive("e2el", e2eNanos);
  }

  /// Whether a request that has emitted its first token can no longer meet these objectives,
  /// whatever comes.
  ///
  /// @param mostTokens tokens that it may emit in all
  public boolean isLost(long arrivalNanos, long firstTokenNanos, long nowNanos, int mostTokens) {
    return firstTokenNanos - arrivalNanos > ttftNanos
        || nowNanos - arrivalNanos > e2eNanos
        || nowNanos - firstTokenNanos > (double) tpotNanos * (mostTokens - 1);
  }

  private static void requirePositive(String name, long nanos) {
    if (nanos <= 0) {
      throw new IllegalArgumentException(name + " objective must be > 0 ns: " + nanos);
    }
  }
}
