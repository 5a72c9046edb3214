package io.adaspec.harness.sweep;

import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.workload.WorkloadPlan;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceOptions;
import io.adaspec.workload.trace.TraceWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cells of a [MatrixPlan], with what they are in its terms.
///
/// @param points policies innermost, then seeds
public record Matrix(List<Point> points) {
  private static final long STAND_IN_SEED = 0;

  /// @param service of the plan
  /// @param load share of the deployment's capacity
  /// @param requestsPerSecond what that load comes to
  public record Point(String service, double load, double requestsPerSecond, Cell cell) {}

  public Matrix {
    points = List.copyOf(points);
  }

  public List<Cell> cells() {
    return points.stream().map(Point::cell).toList();
  }

  /// Expands a plan. Traces that stand in for public ones are written below `output`.
  ///
  /// @param tracesFrom folder of public traces; a service whose trace it lacks has its stand-in
  /// @param code see [Cell]
  /// @throws IllegalArgumentException for an unknown deployment or policy, or a trace that is
  ///   shorter than the window at the highest load
  public static Matrix of(MatrixPlan plan, Optional<Path> tracesFrom, Path output, String code)
      throws IOException {
    List<String> policies =
        plan.policies().stream().map(policy -> Policies.parse(policy).name()).toList();
    List<Point> points = new ArrayList<>();
    for (Map.Entry<String, MatrixPlan.Service> service : plan.services().entrySet()) {
      Path file = file(service.getKey(), service.getValue(), tracesFrom, output);
      Trace trace = TraceOptions.DEFAULTS.apply(Trace.read(file));
      for (String deployment : plan.deployments()) {
        Capacity capacity = capacity(Deployments.named(deployment), trace);
        for (double load : plan.loads()) {
          double rate = load * capacity.requestsPerSecond();
          double scale = rateScale(trace, file, rate, plan.windowSeconds());
          for (long seed : plan.seeds()) {
            for (String policy : policies) {
              Cell cell =
                  new Cell(
                      deployment,
                      file.toString(),
                      trace.sha256(),
                      scale,
                      plan.windowSeconds() * scale,
                      policy,
                      seed,
                      capacity.slo(plan.objectives()),
                      plan.noise(),
                      plan.tooLong(),
                      code);
              points.add(new Point(service.getKey(), load, rate, cell));
            }
          }
        }
      }
    }
    return new Matrix(points);
  }

  private static Path file(
      String name, MatrixPlan.Service service, Optional<Path> tracesFrom, Path output)
      throws IOException {
    Optional<Path> found =
        tracesFrom.map(folder -> folder.resolve(service.trace())).filter(Files::exists);
    if (found.isPresent()) {
      return found.get();
    }
    Path file = Files.createDirectories(output.resolve("traces")).resolve(name + ".csv");
    Trace trace = service.standIn(STAND_IN_SEED);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      TraceWriter.write(
          trace.requests(), List.of("Stand-in for " + service.trace(), trace.name()), out);
    }
    return file;
  }

  /// Of the trace's mean lengths as cut to the deployment's context.
  private static Capacity capacity(SimulatedDevice device, Trace trace) {
    WorkloadPlan requests =
        WorkloadPlan.of(trace, 0, Optional.empty(), List.of(""))
            .cutTo(device.limits().scheduler().maxContext());
    double count = requests.requests().size();
    return Capacity.of(device, requests.promptTokens() / count, requests.outputTokens() / count);
  }

  /// What turns the trace's mean rate into `rate`.
  private static double rateScale(Trace trace, Path file, double rate, double windowSeconds) {
    double seconds = trace.requests().getLast().arrivalNanos() / 1e9;
    double scale = rate * seconds / trace.requests().size();
    if (windowSeconds * scale > seconds) {
      throw new IllegalArgumentException(
          "%s: %d requests are too few for %.0f s of %.2f requests/s"
              .formatted(file, trace.requests().size(), windowSeconds, rate));
    }
    return scale;
  }
}
