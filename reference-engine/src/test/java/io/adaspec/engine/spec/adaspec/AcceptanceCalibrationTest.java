package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptanceCalibrationTest {
  private final AcceptanceCalibration calibration = new AcceptanceCalibration(true);

  private static int cell(int depth, int rank, double confidence) {
    return AcceptanceCalibration.cell(depth, rank, (float) confidence);
  }

  private double acceptance(int depth, int rank, double confidence) {
    return calibration.acceptance(cell(depth, rank, confidence), (float) confidence);
  }

  private void judge(int depth, double confidence, int tokens, boolean accepted) {
    for (int token = 0; token < tokens; token++) {
      calibration.judged(cell(depth, 0, confidence), accepted);
    }
    calibration.learn();
  }

  @ParameterizedTest
  @CsvSource({"0, 0.03125", "0.5, 0.53125", "0.55, 0.53125", "1, 0.96875"})
  void atFirst_confidenceIsRight_toTheMiddleOfItsBin(double confidence, double acceptance) {
    assertThat(acceptance(1, 0, confidence)).isEqualTo(acceptance);
    assertThat(acceptance(9, 1, confidence)).isEqualTo(acceptance);
  }

  /// The bin of .53125 over all depths: (4·.53125 + 2) / (4 + 2), the draft's word counting as
  /// four; at the depth itself (16 · that + 2) / (16 + 2).
  @Test
  void verdicts_countAtTheirDepth_andLessAtOthers() {
    calibration.judged(cell(2, 0, 0.5), true);
    calibration.judged(cell(2, 0, 0.5), true);
    assertThat(acceptance(2, 0, 0.5)).as("before the step is learnt from").isEqualTo(0.53125);

    calibration.learn();

    double decayed = 1.998;
    double anyDepth = (4 * 0.53125 + decayed) / (4 + decayed);
    assertThat(acceptance(1, 0, 0.5)).isCloseTo(anyDepth, within(1e-12));
    assertThat(acceptance(2, 0, 0.5))
        .isCloseTo((16 * anyDepth + decayed) / (16 + decayed), within(1e-12));
    assertThat(acceptance(2, 0, 0.4)).as("another bin").isEqualTo(0.40625);
    assertThat(acceptance(2, 1, 0.5)).as("another rank").isEqualTo(0.53125);
  }

  @Test
  void aVerdict_isLearntOnce() {
    judge(1, 0.5, 3, false);
    double learnt = acceptance(1, 0, 0.5);

    calibration.learn();

    assertThat(acceptance(1, 0, 0.5)).isEqualTo(learnt);
  }

  @Test
  void howManyVerdictsAStepBrings_mattersLittle() {
    AcceptanceCalibration slowly = new AcceptanceCalibration(true);
    for (int step = 0; step < 30; step++) {
      judge(3, 0.9, 20, step % 3 > 0);
      for (int token = 0; token < 20; token++) {
        slowly.judged(cell(3, 0, 0.9), step % 3 > 0);
        slowly.learn();
      }
    }

    assertThat(acceptance(3, 0, 0.9))
        .isCloseTo(slowly.acceptance(cell(3, 0, 0.9), 0.9f), within(1e-9))
        .isBetween(0.6, 0.7);
  }

  @Test
  void whatIsDrafted_movesTheExpectationOfItsDepthAndRank() {
    assertThat(calibration.expectedAcceptance(1, 0)).isEqualTo(0.6);
    assertThat(calibration.expectedAcceptance(1, 1)).isEqualTo(0.1);

    calibration.drafted(1, 0, 1, 0.9);
    assertThat(calibration.expectedAcceptance(1, 0)).isCloseTo(0.603, within(1e-12));
    calibration.drafted(1, 0, 500, 500 * 0.9);
    assertThat(calibration.expectedAcceptance(1, 0)).isCloseTo(0.9, within(0.01));
    assertThat(calibration.expectedAcceptance(2, 0)).isEqualTo(0.6);
  }

  @Test
  void switchedOff_itTakesConfidenceAtItsWord() {
    AcceptanceCalibration off = new AcceptanceCalibration(false);
    off.judged(cell(1, 0, 0.5), false);
    off.learn();

    assertThat(off.acceptance(cell(1, 0, 0.5), 0.5f)).isEqualTo(0.5);
  }
}
