package io.adaspec.harness.cli;

import io.adaspec.harness.run.RunConfig;
import java.time.Duration;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// How requests are sent.
final class LoadOptions {
  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description =
          "Hold requests back while N are in flight; their latency counts from the schedule all the"
              + " same "
              + "(default: no limit, an open loop).")
  Integer maxConcurrency;

  @Option(
      names = "--drain-timeout",
      paramLabel = "S",
      description =
          "Seconds after the last arrival until what is not finished is given up "
              + "(default: ${DEFAULT-VALUE}).")
  long drainTimeout = 600;

  @Option(
      names = "--num-warmups",
      paramLabel = "N",
      description = "Requests served before each run and not recorded (default: ${DEFAULT-VALUE}).")
  int warmups = 16;

  RunConfig.Load load() {
    return new RunConfig.Load(
        maxConcurrency == null ? OptionalInt.empty() : OptionalInt.of(maxConcurrency),
        Duration.ofSeconds(drainTimeout),
        warmups);
  }
}
