package io.adaspec.harness.cli;

import io.adaspec.harness.record.RolloutFile;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.sim.AcceptanceModel;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.EmbeddedRollouts;
import io.adaspec.harness.sim.RolloutLibrary;
import io.adaspec.harness.sim.SimulatedDevice;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where the outcomes of a simulation come from.
final class AcceptanceOptions {
  private static final String RECORDED = "recorded";
  private static final String SYNTHETIC = "synthetic";

  @Option(
      names = "--acceptance",
      paramLabel = "SOURCE",
      description =
          "What draft tokens are accepted: recorded (the rollouts that come with the embedded"
              + " models), a file of 'adaspec record-rollouts', synthetic (a parametric process),"
              + " or a JSON file of 'adaspec fit' (default: recorded where the models are the"
              + " deployment's, otherwise synthetic).")
  String source;

  @Option(
      names = "--allow-foreign-rollouts",
      description = "Use rollouts of other models than the deployment's.")
  boolean allowForeign;

  /// Refuses a file that is not there or holds something else.
  void check() throws IOException {
    if (source == null || source.equals(SYNTHETIC) || source.equals(RECORDED)) {
      return;
    }
    if (source.endsWith(".json")) {
      AcceptanceModel.read(Path.of(source));
    } else {
      RolloutFile.read(Path.of(source));
    }
  }

  /// Whether acceptance is drawn.
  boolean synthetic(SimulatedDevice device) throws IOException {
    return source == null
        ? !AcceptanceSource.Recorded.fit(EmbeddedRollouts.header(), device)
        : source.equals(SYNTHETIC) || source.endsWith(".json");
  }

  /// @throws IllegalArgumentException where the rollouts are of other models
  AcceptanceSource resolve(SimulatedDevice device, long seed) throws IOException {
    if (synthetic(device)) {
      boolean given = source != null && !source.equals(SYNTHETIC);
      return AcceptanceSource.Synthetic.of(
          given ? AcceptanceModel.read(Path.of(source)) : AcceptanceModel.DEFAULT, seed);
    }
    AcceptanceSource.Recorded rollouts =
        source == null || source.equals(RECORDED)
            ? recorded("embedded", EmbeddedRollouts.load())
            : recorded(source, RolloutFile.read(Path.of(source)));
    if (!rollouts.fits(device) && !allowForeign) {
      Rollouts.Header header = rollouts.library().header();
      throw new IllegalArgumentException(
          "--acceptance %s: rollouts of %s and %s, deployment %s runs %s and %s;"
                  .formatted(
                      source,
                      header.target().name(),
                      header.draft().name(),
                      device.name(),
                      device.target(),
                      device.draft().orElse("no draft"))
              + " --allow-foreign-rollouts takes them all the same");
    }
    return rollouts;
  }

  private static AcceptanceSource.Recorded recorded(String name, Rollouts rollouts) {
    return new AcceptanceSource.Recorded(name, RolloutLibrary.of(rollouts));
  }
}
