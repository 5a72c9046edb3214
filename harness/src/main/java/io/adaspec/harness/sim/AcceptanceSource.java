package io.adaspec.harness.sim;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.RunInfo;

/// Where the outcomes of a simulation come from.
public sealed interface AcceptanceSource {
  /// The texts that requests walk along.
  RolloutLibrary library();

  /// Written into every result.
  RunInfo.Provenance provenance();

  /// What a report says of it.
  String name();

  /// Rollouts of real models.
  ///
  /// @param name of the file
  record Recorded(String name, RolloutLibrary library) implements AcceptanceSource {
    @Override
    public RunInfo.Provenance provenance() {
      return RunInfo.Provenance.RECORDED;
    }

    /// Whether the rollouts are those of the deployment's models.
    public boolean fits(SimulatedDevice device) {
      return fit(library.header(), device);
    }

    /// The same of rollouts that are not loaded yet.
    public static boolean fit(Rollouts.Header header, SimulatedDevice device) {
      return header.target().is(device.target())
          && device.draft().map(header.draft()::is).orElse(true);
    }
  }

  /// Rollouts drawn from a parametric process.
  record Synthetic(AcceptanceModel model, RolloutLibrary library) implements AcceptanceSource {
    /// Draws the texts.
    public static Synthetic of(AcceptanceModel model, long seed) {
      return new Synthetic(model, RolloutLibrary.of(model.draw(seed)));
    }

    @Override
    public RunInfo.Provenance provenance() {
      return RunInfo.Provenance.SYNTHETIC;
    }

    @Override
    public String name() {
      return "synthetic: " + model.name();
    }
  }
}
