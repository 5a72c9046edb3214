package io.adaspec.harness.report;

/// A part of a run: what was scheduled or started from `fromNanos` to `toNanos`, both included, on
/// the clock of the records.
public record Window(long fromNanos, long toNanos) {
  public static final Window ALL = new Window(Long.MIN_VALUE, Long.MAX_VALUE);

  public boolean covers(long nanos) {
    return nanos >= fromNanos && nanos <= toNanos;
  }

  /// The part that both cover, possibly nothing.
  public Window and(Window other) {
    return new Window(Math.max(fromNanos, other.fromNanos), Math.min(toNanos, other.toNanos));
  }
}
