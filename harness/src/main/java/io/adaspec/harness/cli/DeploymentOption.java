package io.adaspec.harness.cli;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.Policies;
import io.adaspec.harness.sim.MeasuredDevice;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.harness.target.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Which deployment is simulated.
final class DeploymentOption {
  static final String EMBEDDED = "embedded";

  @Option(
      names = "--deployment",
      paramLabel = "NAME",
      description =
          "What is simulated: embedded (the embedded models on this machine, by their measured"
              + " latency profile), the JSON file of 'adaspec profile', or a GPU deployment such as"
              + " a100-llama2-7b, see 'adaspec deployments' (default: ${DEFAULT-VALUE}).")
  String name = EMBEDDED;

  /// @throws IllegalArgumentException for an unknown deployment, naming those there are
  SimulatedDevice resolve(Environment environment) throws IOException {
    if (name.equals(EMBEDDED)) {
      return embedded(environment);
    }
    if (name.endsWith(".json")) {
      Path file = Path.of(name);
      return MeasuredDevice.of(name, LatencyProfile.read(file), limitsOfProfile());
    }
    return Deployments.named(name);
  }

  private static SimulatedDevice embedded(Environment environment) throws IOException {
    environment.say("Loading models ...");
    try (Deployment deployment =
        environment
            .loader()
            .load(
                new ModelOptions()
                    .spec(
                        List.of(Policies.parse(PolicyOption.DEFAULT)),
                        new EngineOptions().limits("cpu")))) {
      LatencyProfile profile = new Profiles(environment).obtain(null, deployment);
      return MeasuredDevice.of(EMBEDDED, profile, deployment.limits());
    }
  }

  /// A profile does not say what the limits were: the defaults of a replay, and the embedded
  /// models' context.
  private static EngineConfig limitsOfProfile() {
    EngineOptions defaults = new EngineOptions();
    int context = 1024;
    return new EngineConfig(
        new SchedulerConfig(defaults.maxBatch, defaults.maxBatchTokens, context),
        Math.ceilDiv(defaults.maxBatch * context, defaults.blockSize),
        defaults.blockSize);
  }
}
