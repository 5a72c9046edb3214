package io.adaspec.harness.cli;

import io.adaspec.engine.request.Slo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The latency objectives.
final class GoodputOption {
  /// Objectives where none are given: an interactive reader's.
  private static final List<String> DEFAULT = List.of("ttft:1000", "tpot:50");

  private static final double NANOS_PER_MILLI = 1e6;

  @Option(
      names = "--goodput",
      paramLabel = "METRIC:MS",
      arity = "1..3",
      split = ",",
      description =
          "Latency objectives in milliseconds, as ttft:500,tpot:50 or ttft:500 tpot:50 (vLLM's"
              + " form): ttft (time to first token), tpot (time per output token after it) and e2el"
              + " (whole reply). A request counts for goodput when it meets all that are given"
              + " (default: ttft:1000,tpot:50).")
  List<String> objectives = DEFAULT;

  /// @throws IllegalArgumentException naming the objective that does not parse
  Slo slo() {
    Map<String, Long> nanos = new LinkedHashMap<>();
    for (String objective : objectives) {
      int colon = objective.indexOf(':');
      String metric = colon < 0 ? objective : objective.substring(0, colon);
      if (colon < 0 || !List.of("ttft", "tpot", "e2el").contains(metric)) {
        throw new IllegalArgumentException(
            "--goodput takes ttft:MS, tpot:MS and e2el:MS: '" + objective + "'");
      }
      if (nanos.put(metric, nanos(objective, objective.substring(colon + 1))) != null) {
        throw new IllegalArgumentException("--goodput names " + metric + " twice");
      }
    }
    return new Slo(
        nanos.getOrDefault("ttft", Slo.NONE),
        nanos.getOrDefault("tpot", Slo.NONE),
        nanos.getOrDefault("e2el", Slo.NONE));
  }

  private static long nanos(String objective, String millis) {
    double value;
    try {
      value = Double.parseDouble(millis);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--goodput needs milliseconds: '" + objective + "'", e);
    }
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "--goodput needs positive milliseconds: '" + objective + "'");
    }
    return Math.max(1, Math.round(value * NANOS_PER_MILLI));
  }
}
