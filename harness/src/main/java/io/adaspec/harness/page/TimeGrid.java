package io.adaspec.harness.page;

/// The time of a run in windows of equal width.
///
/// @param startNanos of the first window
record TimeGrid(long startNanos, long widthNanos, int windows) {
  private static final double[] STEPS = {1, 2, 5, 10};

  /// From the start of the run to `endNanos`, at most `most` windows of a round width.
  static TimeGrid round(long endNanos, int most) {
    double least = Math.max(1e6, (double) endNanos / most);
    double decade = Math.pow(10, Math.floor(Math.log10(least)));
    for (double step : STEPS) {
      long width = Math.round(step * decade);
      if (width >= least) {
        return new TimeGrid(0, width, (int) Math.max(1, Math.ceilDiv(endNanos, width)));
      }
    }
    throw new IllegalStateException("no width for " + endNanos + " ns");
  }

  /// Exactly from `startNanos` to `endNanos`.
  static TimeGrid dividing(long startNanos, long endNanos, int windows) {
    return new TimeGrid(
        startNanos, Math.max(1, Math.ceilDiv(endNanos - startNanos, windows)), windows);
  }

  /// The window that holds a time; the first or the last for one outside.
  int window(long nanos) {
    return Math.clamp(Math.floorDiv(nanos - startNanos, widthNanos), 0, windows - 1);
  }

  /// Start of a window in seconds.
  double seconds(int window) {
    return (startNanos + window * widthNanos) / 1e9;
  }

  double widthSeconds() {
    return widthNanos / 1e9;
  }
}
