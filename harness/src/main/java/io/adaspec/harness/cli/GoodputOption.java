package io.adaspec.harness.cli;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.SloMix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The latency objectives.
final class GoodputOption {
  /// Objectives where none are given: an interactive reader's.
  private static final List<String> DEFAULT = List.of("ttft:1000", "tpot:50");

  private static final List<String> METRICS = List.of("ttft", "tpot", "e2el");
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

  @Option(
      names = "--slo-class",
      paramLabel = "NAME:OBJECTIVES:SHARE",
      description =
          "Give a share of the requests other objectives, as chat:ttft=500,tpot=50:0.7; repeatable."
              + " The rest keeps those of --goodput, as class 'default'. Which request is in which"
              + " class depends on the seed alone.")
  List<String> classes = List.of();

  /// @throws IllegalArgumentException naming the objective that does not parse
  Slo slo() {
    return slo("--goodput", ':', objectives);
  }

  /// @throws IllegalArgumentException naming the option and the value that does not fit
  SloMix mix() {
    List<SloMix.SloClass> parsed = classes.stream().map(GoodputOption::sloClass).toList();
    try {
      return new SloMix(slo(), parsed);
    } catch (IllegalArgumentException e) {
      throw classes.isEmpty()
          ? e
          : new IllegalArgumentException("--slo-class: " + e.getMessage(), e);
    }
  }

  private static SloMix.SloClass sloClass(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "--slo-class takes NAME:OBJECTIVES:SHARE, as chat:ttft=500,tpot=50:0.7: '" + text + "'");
    }
    Slo slo = slo("--slo-class " + parts[0], '=', List.of(parts[1].split(",", -1)));
    double share;
    try {
      share = Double.parseDouble(parts[2]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--slo-class " + parts[0] + " needs a share in (0, 1]: '" + parts[2] + "'", e);
    }
    try {
      return new SloMix.SloClass(parts[0], slo, share);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--slo-class: " + e.getMessage(), e);
    }
  }

  private static Slo slo(String option, char separator, List<String> objectives) {
    Map<String, Long> nanos = new LinkedHashMap<>();
    for (String objective : objectives) {
      int split = objective.indexOf(separator);
      String metric = split < 0 ? objective : objective.substring(0, split);
      if (split < 0 || !METRICS.contains(metric)) {
        throw new IllegalArgumentException(
            "%s takes ttft%cMS, tpot%2$cMS and e2el%2$cMS: '%s'"
                .formatted(option, separator, objective));
      }
      long limit = nanos(option, objective, objective.substring(split + 1));
      if (nanos.put(metric, limit) != null) {
        throw new IllegalArgumentException(option + " names " + metric + " twice");
      }
    }
    return new Slo(
        nanos.getOrDefault("ttft", Slo.NONE),
        nanos.getOrDefault("tpot", Slo.NONE),
        nanos.getOrDefault("e2el", Slo.NONE));
  }

  private static long nanos(String option, String objective, String millis) {
    double value;
    try {
      value = Double.parseDouble(millis);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " needs milliseconds: '" + objective + "'", e);
    }
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          option + " needs positive milliseconds: '" + objective + "'");
    }
    return Math.max(1, Math.round(value * NANOS_PER_MILLI));
  }
}
