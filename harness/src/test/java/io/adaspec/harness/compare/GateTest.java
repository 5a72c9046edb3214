package io.adaspec.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.harness.compare.GateTrials.Rates;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The statistical gate on a queue, in small; [GateStudy] is the same at length.
class GateTest {
  private static final Gates DEFAULT = new Gates(List.of());
  private static final Gates TPOT = new Gates(List.of(Gate.parse("tpot:mean>0%")));

  private static GateTrials single(int requests) {
    return new GateTrials(requests, 0.5, 0.1, 1, true, 0, 0.01);
  }

  /// Of 60 trials, 5 % are 3; more than 9 come once in 500.
  @Test
  void nothingChanged_staysSilent() {
    List<Rates> rates = single(500).rates(60, 0, 1, List.of(TPOT, DEFAULT));
    assertThat(rates.get(0).worse()).isLessThanOrEqualTo(9 / 60.0);
    assertThat(rates.get(1).worse()).isLessThanOrEqualTo(9 / 60.0);
  }

  @Test
  void tenPercentSlower_isFound_andIsNeverCalledBetter() {
    Rates rates = single(500).rates(20, 0.10, 1, List.of(TPOT)).getFirst();
    assertThat(rates.worse()).isGreaterThanOrEqualTo(0.9);
    assertThat(rates.better()).isZero();
  }

  @Test
  void tenPercentFaster_isBetter() {
    Rates rates = single(500).rates(20, -0.10, 1, List.of(TPOT)).getFirst();
    assertThat(rates.better()).isGreaterThanOrEqualTo(0.9);
    assertThat(rates.worse()).isZero();
  }

  @Test
  void holm_multipliesTheSmallestMost_andKeepsTheOrder() {
    assertThat(Holm.adjust(new double[] {0.04, 0.01, 0.5})).containsExactly(0.08, 0.03, 0.5);
    assertThat(Holm.adjust(new double[] {0.02, 0.019})).containsExactly(0.038, 0.038);
  }

  @Test
  void gates_areParsed_orSayWhatDoesNotFit() {
    assertThat(Gate.parse("tpot:p99>5%").threshold()).isEqualTo(0.05);
    assertThat(Gate.parse("tpot:p99 > 2.5%").measure().key()).isEqualTo("tpot:p99");
    assertThatThrownBy(() -> Gate.parse("tpot")).hasMessageContaining("no '>'");
    assertThatThrownBy(() -> Gate.parse("speed>1%")).hasMessageContaining("unknown metric 'speed'");
    assertThatThrownBy(() -> Gate.parse("tpot:p101>1%")).hasMessageContaining("'p101'");
    assertThatThrownBy(() -> Gate.parse("tpot>5")).hasMessageContaining("threshold '5'");
  }
}
