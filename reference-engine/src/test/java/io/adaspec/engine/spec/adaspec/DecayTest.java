package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecayTest {
  /// Verdicts that are alike, taken in at once or one by one.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 64, 65, 1000})
  void observationsAtOnce_countWhatTheyDoOneByOne(int n) {
    Decay decay = new Decay(0.99);
    double oneByOne = 30;
    for (int observation = 0; observation < n; observation++) {
      oneByOne = oneByOne * 0.99 + 1;
    }

    double atOnce = 30 * decay.remaining(n) + n * decay.weight(n);

    assertThat(atOnce).isCloseTo(oneByOne, within(1e-9));
  }
}
