package io.adaspec.harness.cli;

import io.adaspec.harness.run.WorkloadSettings;
import io.adaspec.harness.run.WorkloadSettings.Arrivals;
import io.adaspec.workload.trace.TraceOptions;
import io.adaspec.workload.trace.TraceOptions.Caps;
import io.adaspec.workload.trace.TraceOptions.Order;
import io.adaspec.workload.trace.TraceOptions.Origin;
import io.adaspec.workload.trace.TraceOptions.Scale;
import io.adaspec.workload.trace.TraceOptions.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which requests arrive when.
final class WorkloadOptions {
  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Trace to replay (default: an embedded minute, from idle to overloaded).")
  Path trace;

  @Option(
      names = "--trace-format",
      paramLabel = "NAME",
      description =
          "azure, burstgpt, mooncake, adaspec (this project's CSV) or arrivals (default: detected"
              + " from "
              + "the content).")
  String format;

  @Option(
      names = "--start",
      paramLabel = "S",
      description = "Replay from S seconds after the trace's zero (default: ${DEFAULT-VALUE}).")
  double start = 0;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "Replay only S seconds of the trace, in its own time (default: to its end).")
  Double duration;

  @Option(
      names = "--num-prompts",
      paramLabel = "N",
      description = "Replay at most the first N requests.")
  Integer numPrompts;

  @Option(
      names = "--rate-scale",
      paramLabel = "X",
      description = "Speed-up: 2 halves the gaps between arrivals (default: ${DEFAULT-VALUE}).")
  double rateScale = 1;

  @Option(
      names = "--length-scale",
      paramLabel = "X",
      description = "Factor on prompt and output lengths (default: ${DEFAULT-VALUE}).")
  double lengthScale = 1;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description = "Cut longer prompts, after scaling.")
  Integer maxPromptTokens;

  @Option(
      names = "--max-output-tokens",
      paramLabel = "N",
      description = "Cut longer replies, after scaling.")
  Integer maxOutputTokens;

  @Option(
      names = "--on-unsorted",
      paramLabel = "ACTION",
      description = "A trace out of order: sort or refuse (default: ${DEFAULT-VALUE}).")
  String onUnsorted = "sort";

  @Option(
      names = "--request-rate",
      paramLabel = "R",
      converter = RateConverter.class,
      description =
          "Synthetic arrivals of R requests per second in place of the trace's; inf sends all at"
              + " once. "
              + "Lengths stay the trace's.")
  Double requestRate;

  @Option(
      names = "--burstiness",
      paramLabel = "X",
      description =
          "With --request-rate: gamma shape of the gaps. 1 is Poisson, smaller is burstier; their "
              + "coefficient of variation is 1/sqrt(X) (default: ${DEFAULT-VALUE}).")
  double burstiness = 1;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "Texts that prompts are made of: JSONL with text or prompt, or Spec-Bench (default: 75 "
              + "embedded texts).")
  Path prompts;

  /// @throws IllegalArgumentException naming the value that does not fit
  WorkloadSettings settings() {
    if (requestRate == null && burstiness != 1) {
      throw new IllegalArgumentException("--burstiness " + burstiness + " needs --request-rate");
    }
    Optional<Arrivals> arrivals =
        Optional.ofNullable(requestRate)
            .map(rate -> new Arrivals(rate, burstiness, Optional.ofNullable(numPrompts)));
    Numbers.atLeastOne("--num-prompts", numPrompts);
    Numbers.atLeastOne("--max-prompt-tokens", maxPromptTokens);
    Numbers.atLeastOne("--max-output-tokens", maxOutputTokens);
    if (duration != null && duration == 0) {
      throw new IllegalArgumentException("--duration must be > 0: " + duration);
    }
    int requests = numPrompts == null || arrivals.isPresent() ? Integer.MAX_VALUE : numPrompts;
    TraceOptions shape =
        TraceOptions.DEFAULTS
            .withOrder(order())
            .withWindow(
                new Window(
                    seconds("--start", start),
                    Optional.ofNullable(duration).map(value -> seconds("--duration", value)),
                    Origin.FIRST_REQUEST))
            .withScale(new Scale(rateScale, lengthScale))
            .withCaps(new Caps(cap(maxPromptTokens), cap(maxOutputTokens), requests));
    return new WorkloadSettings(
        Optional.ofNullable(trace),
        Optional.ofNullable(format),
        arrivals,
        shape,
        Optional.ofNullable(prompts));
  }

  private Order order() {
    return switch (onUnsorted) {
      case "sort" -> Order.SORT;
      case "refuse" -> Order.REFUSE_UNSORTED;
      default ->
          throw new IllegalArgumentException(
              "--on-unsorted must be sort or refuse: '" + onUnsorted + "'");
    };
  }

  private static int cap(Integer value) {
    return value == null ? Integer.MAX_VALUE : value;
  }

  private static Duration seconds(String option, double value) {
    if (!(value >= 0) || value > 1e9) {
      throw new IllegalArgumentException(option + " must be in 0..1e9 seconds: " + value);
    }
    return Duration.ofNanos(Math.round(value * 1e9));
  }

  /// A number, or `inf`.
  static final class RateConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
      try {
        return value.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is neither a number nor inf");
      }
    }
  }
}
