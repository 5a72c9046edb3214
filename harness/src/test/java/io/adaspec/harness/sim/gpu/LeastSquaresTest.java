package io.adaspec.harness.sim.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  @Test
  void parametersOfAnExactCurve_areRecovered() {
    double[] fitted =
        LeastSquares.fit(
            p -> {
              double[] residuals = new double[40];
              for (int x = 1; x <= residuals.length; x++) {
                residuals[x - 1] = Math.log((p[0] + p[1] * x + p[2] * Math.sqrt(x)) / curve(x));
              }
              return residuals;
            },
            1,
            1,
            1);
    assertThat(fitted[0]).isCloseTo(20, within(1e-3));
    assertThat(fitted[1]).isCloseTo(0.5, within(1e-3));
    assertThat(fitted[2]).isCloseTo(3, within(1e-3));
  }

  @Test
  void noise_leavesTheMeanOfLogs() {
    double[] measured = {1, 2, 4, 8};
    double[] fitted =
        LeastSquares.fit(
            p -> {
              double[] residuals = new double[measured.length];
              for (int i = 0; i < residuals.length; i++) {
                residuals[i] = Math.log(p[0] / measured[i]);
              }
              return residuals;
            },
            100);
    assertThat(fitted[0]).isCloseTo(Math.sqrt(8), within(1e-6));
  }

  private static double curve(int x) {
    return 20 + 0.5 * x + 3 * Math.sqrt(x);
  }
}
