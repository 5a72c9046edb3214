package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.exec.ProfiledCostModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulatedProfilerTest {
  private static final List<Double> RANKS = List.of(0.6, 0.2);

  @Test
  void withoutNoise_theProfileIsTheDevice() {
    LatencyProfile profile = SimulatedProfiler.measure(Simulations.DEVICE, 0, 1, RANKS);
    LatencyTable verify = new LatencyTable(profile.verify());
    assertThat(verify.nanos(1, 100)).isCloseTo(1e6 + 5e4 + 1e3, within(2e3));
    assertThat(verify.nanos(12, 4000)).isCloseTo(1e6 + 12 * 5e4 + 4e4, within(5e3));
    LatencyTable draft = new LatencyTable(profile.draft());
    assertThat(draft.nanos(8, 1000)).isCloseTo(2e5 + 8e4 + 2e3, within(2e3));
    assertThat(profile.verifyOverheadNanos()).isEqualTo(1e5);
    assertThat(profile.draftOverheadNanos()).isEqualTo(5e4);
    assertThat(profile.acceptanceByRank()).isEqualTo(RANKS);
  }

  /// The policy's predictions must not be the device's own durations.
  @Test
  void noise_isInEveryPointAndFollowsTheSeed() {
    LatencyProfile exact = SimulatedProfiler.measure(Simulations.DEVICE, 0, 1, RANKS);
    LatencyProfile noisy = SimulatedProfiler.measure(Simulations.DEVICE, 0.1, 1, RANKS);
    double errors = 0;
    for (int i = 0; i < exact.verify().size(); i++) {
      double ratio = noisy.verify().get(i).nanos() / exact.verify().get(i).nanos();
      assertThat(ratio).isNotEqualTo(1).isCloseTo(1, within(0.3));
      errors += Math.abs(ratio - 1) / exact.verify().size();
    }
    assertThat(errors).as("median of 9 with deviation 0.1").isBetween(0.015, 0.06);
    assertThat(SimulatedProfiler.measure(Simulations.DEVICE, 0.1, 1, RANKS)).isEqualTo(noisy);
    assertThat(SimulatedProfiler.measure(Simulations.DEVICE, 0.1, 2, RANKS).verify())
        .isNotEqualTo(noisy.verify());
  }

  @Test
  void whereTheDeviceIsNotLinear_theProfileErrsAsARealOneDoes() {
    SimulatedDevice stairs =
        Simulations.device(shape -> 1e6 * Math.ceilDiv(shape.newTokens(), 7), shape -> 1e5);
    LatencyProfile profile = SimulatedProfiler.measure(stairs, 0, 1, RANKS);
    double predicted = new ProfiledCostModel(profile).verifyNanos(7, 7, 0);
    assertThat(predicted).isNotCloseTo(1e6, within(1e5));
  }

  @Test
  void aDeviceWithoutADraft_isProfiledWithoutOne() {
    SimulatedDevice alone =
        new SimulatedDevice(
            "alone",
            "d",
            "t",
            Optional.empty(),
            Simulations.DEVICE.targetCost(),
            Optional.empty(),
            1e5,
            0,
            Simulations.LIMITS);
    LatencyProfile profile = SimulatedProfiler.measure(alone, 0, 1, List.of());
    assertThat(profile.draft()).isEmpty();
    assertThat(profile.draftOverheadNanos()).isZero();
  }

  @Test
  void aMeasuredDevice_takesWhatItsProfileSays() {
    LatencyProfile profile = SimulatedProfiler.measure(Simulations.DEVICE, 0.05, 1, RANKS);
    SimulatedDevice device = MeasuredDevice.of("again", profile, Simulations.LIMITS);
    LatencyProfile again = SimulatedProfiler.measure(device, 0, 1, RANKS);
    for (int n : new int[] {1, 3, 8, 20}) {
      assertThat(new LatencyTable(again.verify()).nanos(n, 500))
          .isCloseTo(new LatencyTable(profile.verify()).nanos(n, 500), within(1e4));
    }
    assertThat(again.verifyOverheadNanos()).isCloseTo(profile.verifyOverheadNanos(), within(1.0));
  }
}
