package io.adaspec.harness.sim;

/// How long one model's forwards take on one device. A pure function; any thread may call it.
@FunctionalInterface
public interface ForwardCost {
  /// Nanoseconds, launch overhead included.
  double nanos(ForwardShape shape);

  /// Whether that depends on how many requests the tokens are of, beside all else of the shape.
  default boolean tellsRequestsApart() {
    return false;
  }
}
