package io.adaspec.harness.run;

import io.adaspec.workload.trace.TraceOptions;
import java.nio.file.Path;
import java.util.Optional;

/// Which requests are replayed.
///
/// @param trace file, empty for the embedded trace
/// @param format name of the trace's format, empty to detect it
/// @param arrivals synthetic arrivals in place of the trace's own
/// @param shape how the trace is cut and scaled
/// @param prompts file, empty for the embedded prompts
public record WorkloadSettings(
    Optional<Path> trace,
    Optional<String> format,
    Optional<Arrivals> arrivals,
    TraceOptions shape,
    Optional<Path> prompts) {
  public WorkloadSettings {
    if (format.isPresent() && trace.isEmpty()) {
      throw new IllegalArgumentException(
          "a trace format (" + format.get() + ") needs a trace to apply to");
    }
    if (arrivals.isPresent() && shape.scale().rate() != 1) {
      throw new IllegalArgumentException(
          "the rate scale of "
              + shape.scale().rate()
              + " scales the trace's own arrivals; with a request rate, change that instead");
    }
  }

  /// Arrivals of a gamma process. The requests themselves are the trace's, in its order, from its
  /// start again where there are too few.
  ///
  /// @param requestsPerSecond infinity for all at once
  /// @param burstiness shape of the gaps' distribution, 1 for Poisson arrivals
  /// @param requests how many, empty for as many as the trace has
  public record Arrivals(double requestsPerSecond, double burstiness, Optional<Integer> requests) {
    public Arrivals {
      if (!(requestsPerSecond > 0)) {
        throw new IllegalArgumentException("request rate must be > 0: " + requestsPerSecond);
      }
      if (!(burstiness > 0) || Double.isInfinite(burstiness)) {
        throw new IllegalArgumentException("burstiness must be finite and > 0: " + burstiness);
      }
      if (requests.isPresent() && requests.get() < 1) {
        throw new IllegalArgumentException("number of prompts must be >= 1: " + requests.get());
      }
    }
  }
}
