package io.adaspec.harness.sim;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import java.util.Optional;

/// A deployment of which nothing is known but the latency profile that was measured of it.
public final class MeasuredDevice {
  private MeasuredDevice() {}

  /// A device with the profile's durations. It knows requests, new tokens and context; how many
  /// pairs attend and how many rows are scored is in what was measured.
  ///
  /// @param name of the deployment
  /// @param limits batch, context and cache, which a profile does not carry
  public static SimulatedDevice of(String name, LatencyProfile profile, EngineConfig limits) {
    boolean hasDraft = !profile.draft().isEmpty();
    return new SimulatedDevice(
        name,
        profile.key().device(),
        profile.key().target(),
        hasDraft ? Optional.of(profile.key().draft()) : Optional.empty(),
        cost(new LatencyTable(profile.verify()), 0),
        hasDraft
            ? Optional.of(cost(new LatencyTable(profile.draft()), profile.firstDraftNanos() / 2))
            : Optional.empty(),
        profile.verifyOverheadNanos(),
        profile.draftOverheadNanos() + profile.firstDraftNanos(),
        limits);
  }

  /// @param less than the table says: it has the mean of a step's first and a later draft forward,
  ///   and what the first takes longer is overhead of the step
  private static ForwardCost cost(LatencyTable table, double less) {
    return new ForwardCost() {
      @Override
      public double nanos(ForwardShape shape) {
        double nanos = table.nanos(shape.requests(), shape.newTokens(), shape.contextTokens());
        return Math.max(nanos / 2, nanos - less);
      }

      @Override
      public boolean tellsRequestsApart() {
        return true;
      }
    };
  }
}
