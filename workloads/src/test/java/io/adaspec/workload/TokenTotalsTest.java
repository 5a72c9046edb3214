package io.adaspec.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenTotalsTest {
  @Test
  void totalsWithinTheToleranceArePassedThrough() {
    TokenTotals totals = new TokenTotals(1000, 1010, 500, 495);

    assertThat(totals.requireWithin(0.01)).isSameAs(totals);
  }

  @Test
  void promptsThatAre32TimesTooShortFailLoudly() {
    TokenTotals totals = new TokenTotals(32_000, 1_000, 500, 500);

    assertThatThrownBy(() -> totals.requireWithin(0.01))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the requests have 1000 prompt tokens, the trace asks for 32000 (tolerance 0.01)");
  }

  @Test
  void outputsAreCheckedInBothDirections() {
    assertThatThrownBy(() -> new TokenTotals(1, 1, 1000, 980).requireWithin(0.01))
        .hasMessageContaining("980 output tokens");
    assertThatThrownBy(() -> new TokenTotals(1, 1, 1000, 1020).requireWithin(0.01))
        .hasMessageContaining("1020 output tokens");
  }

  @Test
  void aTargetOfZeroCanFail() {
    assertThatThrownBy(() -> new TokenTotals(0, 1, 0, 0).requireWithin(0.5))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aToleranceThatCannotFailIsRefused() {
    for (double tolerance : new double[] {1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new TokenTotals(1, 1, 1, 1).requireWithin(tolerance))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(tolerance));
    }
  }
}
