package io.adaspec.harness.cli;

import io.adaspec.harness.sim.Injection;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
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
  String tooLong = "refuse";

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
    if (!List.of("refuse", "cut", "reject").contains(tooLong)) {
      throw new IllegalArgumentException(
          "--too-long must be refuse, cut or reject: '" + tooLong + "'");
    }
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("--noise must be in 0..1: " + noise);
    }
    return inject.stream().map(Injection::parse).toList();
  }

  /// The requests as they are sent.
  ///
  /// @throws IllegalArgumentException where some do not fit and nothing else was asked for
  WorkloadPlan fitted(WorkloadPlan plan, SimulatedDevice device) {
    int context = context(device);
    List<PlannedRequest> exceeding = plan.exceeding(context);
    if (exceeding.isEmpty() || tooLong.equals("reject")) {
      return plan;
    }
    if (tooLong.equals("cut")) {
      return plan.cutTo(context);
    }
    PlannedRequest first = exceeding.getFirst();
    throw new IllegalArgumentException(
        ("%s: request %d has %d prompt and %d output tokens, the context of %s is %d, and %d of %d"
                + " requests exceed it: --too-long cut or reject, --max-prompt-tokens,"
                + " --length-scale")
            .formatted(
                plan.trace().name(),
                first.id(),
                first.lengths().prompt(),
                first.lengths().output(),
                device.name(),
                context,
                exceeding.size(),
                plan.requests().size()));
  }

  /// Most tokens that a request may have: the last one needs no cell of the cache.
  static int context(SimulatedDevice device) {
    long cells = (long) device.limits().blocks() * device.limits().blockSize();
    return (int) Math.min(device.limits().scheduler().maxContext(), cells + 1);
  }
}
