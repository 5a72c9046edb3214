package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.exec.LatencyTable.Point;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfiledCostModelTest {
  private static final List<Point> VERIFY = List.of(new Point(1, 0, 1000), new Point(2, 0, 1100));
  private static final List<Point> DRAFT = List.of(new Point(1, 0, 100), new Point(2, 0, 110));

  private final ProfiledCostModel model = new ProfiledCostModel(profile(DRAFT));

  private static LatencyProfile profile(List<Point> draft) {
    return profile(draft, 0);
  }

  private static LatencyProfile profile(List<Point> draft, double firstDraftNanos) {
    return new LatencyProfile(
        LatencyProfile.VERSION,
        new LatencyProfile.Key("", "", "", "", 1, ""),
        "",
        VERIFY,
        draft,
        7,
        5,
        firstDraftNanos,
        List.of());
  }

  /// One step of a device that takes `factor` times as long as when it was profiled.
  private void verifyStep(double factor) {
    model.observeVerify(model.verifyNanos(1, 1, 0), Math.round(1000 * factor));
  }

  @Test
  void untilAStepWasMeasured_predictsTheProfile() {
    assertThat(model.verifyNanos(2, 2, 0)).isEqualTo(1100);
    assertThat(model.draftNanos(2, 2, 0)).isEqualTo(110);
    assertThat(model.verifyOverheadNanos()).isEqualTo(7);
    assertThat(model.draftOverheadNanos()).isEqualTo(5);
  }

  /// A first forward takes 120 and a later one 80: 100 is what was measured of both.
  @Test
  void whatTheFirstDraftForwardTakesLonger_isOverheadOfTheStep() {
    ProfiledCostModel unequal = new ProfiledCostModel(profile(DRAFT, 40));

    assertThat(unequal.draftNanos(1, 1, 0)).isEqualTo(80);
    assertThat(unequal.firstDraftNanos()).isEqualTo(40);
    assertThat(unequal.draftOverheadNanos()).isEqualTo(5 + 40);

    for (int step = 0; step < 100; step++) {
      unequal.observeDraft(unequal.draftNanos(1, 1, 0) + unequal.firstDraftNanos(), 240);
    }
    assertThat(unequal.draftNanos(1, 1, 0)).isCloseTo(160, within(5.0));
    assertThat(unequal.draftOverheadNanos()).isCloseTo(5 + 80, within(2.5));
  }

  @Test
  void asProfiled_staysAsProfiled() {
    for (int step = 0; step < 100; step++) {
      verifyStep(1);
    }

    assertThat(model.verifyNanos(2, 2, 0)).isCloseTo(1100, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 2, 3, 10})
  void aSlowerOrFasterDevice_isNoticedWithinTensOfSteps(double factor) {
    for (int step = 0; step < 80; step++) {
      verifyStep(factor);
    }

    double change = 1000 * Math.abs(factor - 1);
    assertThat(model.verifyNanos(1, 1, 0)).isCloseTo(1000 * factor, within(0.1 * change));
  }

  @Test
  void aRecovery_isNoticedToo() {
    for (int step = 0; step < 60; step++) {
      verifyStep(3);
    }
    for (int step = 0; step < 60; step++) {
      verifyStep(1);
    }

    assertThat(model.verifyNanos(1, 1, 0)).isCloseTo(1000, within(120.0));
  }

  @Test
  void aSinglePause_isNotASlowDevice() {
    verifyStep(100_000);

    assertThat(model.verifyNanos(1, 1, 0)).isLessThan(1200);

    for (int step = 0; step < 20; step++) {
      verifyStep(1);
    }
    assertThat(model.verifyNanos(1, 1, 0)).isCloseTo(1000, within(60.0));
  }

  @Test
  void draftAndVerification_areCorrectedApart() {
    for (int step = 0; step < 60; step++) {
      verifyStep(2);
    }

    // Not measured itself, the draft is taken to be slower too, the longer the more.
    assertThat(model.draftNanos(1, 1, 0)).isBetween(120.0, 200.0);

    for (int step = 0; step < 60; step++) {
      model.observeDraft(model.draftNanos(1, 1, 0), 50);
    }
    assertThat(model.draftNanos(1, 1, 0)).isCloseTo(50, within(5.0));
    assertThat(model.verifyNanos(1, 1, 0)).isCloseTo(2000, within(200.0));
  }

  /// A simulated executor may take no time, and a prediction at the origin may be zero.
  @Test
  void stepsWithoutAnyTime_doNotUndoThePrediction() {
    model.observeVerify(0, 0);
    model.observeDraft(0, 0);

    assertThat(model.verifyNanos(1, 1, 0)).isEqualTo(1000);
    assertThat(model.draftNanos(1, 1, 0)).isEqualTo(100);
  }

  @Test
  void aProfileWithoutADraft_predictsNoDraft() {
    ProfiledCostModel targetOnly = new ProfiledCostModel(profile(List.of()));

    assertThat(targetOnly.verifyNanos(1, 1, 0)).isEqualTo(1000);
    assertThatThrownBy(() -> targetOnly.draftNanos(1, 1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without a draft model");
  }
}
