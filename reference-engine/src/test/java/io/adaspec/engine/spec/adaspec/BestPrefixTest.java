package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// One request: a step takes 100 ns and 10 more for every draft token that is verified.
class BestPrefixTest {
  private final LinearCost cost = LinearCost.of(20, 90, 10);
  private final StepTimes times = new StepTimes(cost);
  private final ValueOrder order = new ValueOrder();
  private final BestPrefix prefix = new BestPrefix();

  private void given(double... values) {
    times.begin(Batches.ofSize(1));
    for (int item = 0; item < values.length; item++) {
      order.add(item, values[item]);
    }
    order.sort();
  }

  /// Goodputs in tokens per 100 ns: 1, 1.55, 1.75, 1.65.
  @Test
  void whatIsWorthItsVerification_isVerified() {
    given(0.7, 0.4, 0.05);

    prefix.verify(order, 1, times, Double.POSITIVE_INFINITY);

    assertThat(prefix.count()).isEqualTo(2);
    assertThat(prefix.tokens()).isEqualTo(2.1);
    assertThat(prefix.goodput()).isEqualTo(2.1 / 120);
  }

  @Test
  void aPrefixBeyondTheLimit_isNotTaken() {
    given(0.7, 0.4);

    prefix.verify(order, 1, times, 110);

    assertThat(prefix.count()).isEqualTo(1);
  }

  @Test
  void theEmptyPrefix_isTakenWhereEvenThePlainStepIsBeyondTheLimit() {
    given(0.9);

    prefix.verify(order, 1, times, 50);

    assertThat(prefix.count()).isZero();
    assertThat(prefix.tokens()).isEqualTo(1);
  }

  /// The forward of 20 ns and 10 of verification ask for more than 0.3 tokens.
  @Test
  void aForward_hasToPayForItself() {
    given(0.29);
    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);
    assertThat(prefix.count()).isZero();

    order.clear();
    given(0.31);
    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);
    assertThat(prefix.count()).isEqualTo(1);
  }

  /// Neither leaf pays for the forward, both together do.
  @Test
  void leavesThatPayOnlyTogether_areExpandedTogether() {
    given(0.25, 0.25);

    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);

    assertThat(prefix.count()).isEqualTo(2);
  }
}
