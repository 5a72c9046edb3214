package io.adaspec.harness.cli;

import io.adaspec.harness.sim.Injection;
import io.adaspec.harness.sim.TooLong;
import java.util.List;
import picocli.CommandLine.Option;

/// How a simulation runs.
final class SimulationOptions {
  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description =
          "Hold requests back while N are in flight; their latency counts from the schedule all the"
              + " same (default: no limit, an open loop).")
  Integer maxConcurrency;

  @Option(
      names = "--too-long",
      paramLabel = "ACTION",
      description =
          "Requests longer than the context: refuse to run, cut their prompts, or reject them, as"
              + " an engine does (default: ${DEFAULT-VALUE}).")
  String tooLong = TooLong.REFUSE.toString();

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      description =
          "Standard deviation of the logarithm of every duration, those of the policy's latency"
              + " profile included (default: ${DEFAULT-VALUE}).")
  double noise = 0.02;

  @Option(
      names = "--inject",
      paramLabel = "WHAT",
      description =
          "Disturb the run and report how it adapts: slowdown:2.0@120s or slowdown:2.0@120s-180s,"
              + " drift:1.5@60s-120s, wrong-profile:1.5. Can be given several times.")
  List<String> inject = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of everything random: arrivals, texts, noise (default: ${DEFAULT-VALUE}).")
  long seed = 0;

  /// @throws IllegalArgumentException naming what does not parse
  List<Injection> injections() {
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("--noise must be in 0..1: " + noise);
    }
    return inject.stream().map(Injection::parse).toList();
  }
}
