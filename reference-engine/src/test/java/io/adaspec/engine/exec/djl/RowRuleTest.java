package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RowRuleTest {
  @Test
  void allAlike_anyNumberOfRows() {
    RowRule rule = ruleWithout();
    assertThat(rule.limited()).isFalse();
    assertThat(rule.padded(1)).isEqualTo(1);
    assertThat(rule.padded(1000)).isEqualTo(1000);
  }

  @Test
  void countsOfOtherKernels_arePaddedToTheNext() {
    RowRule rule = ruleWithout(1, 2, 7, 31, 32);
    assertThat(rule.limited()).isTrue();
    assertThat(rule.most()).isEqualTo(96);
    assertThat(rule.padded(0)).isZero();
    assertThat(rule.padded(1)).isEqualTo(3);
    assertThat(rule.padded(6)).isEqualTo(6);
    assertThat(rule.padded(7)).isEqualTo(8);
    assertThat(rule.padded(31)).isEqualTo(33);
    assertThat(rule.padded(96)).isEqualTo(96);
  }

  @Test
  void moreRows_arePartsOfTheMostAndAPaddedRest() {
    RowRule rule = ruleWithout(1, 2, 94, 95, 96);
    assertThat(rule.most()).isEqualTo(93);
    assertThat(rule.padded(94)).isEqualTo(93 + 3);
    assertThat(rule.padded(2 * 93)).isEqualTo(2 * 93);
    assertThat(rule.padded(2 * 93 + 5)).isEqualTo(2 * 93 + 5);
  }

  @Test
  void aLargeCountThatDiffers_dividesLargeProducts() {
    boolean[] alike = new boolean[RowRule.LIMIT + 2];
    Arrays.fill(alike, true);
    alike[RowRule.LIMIT + 1] = false;
    RowRule rule = RowRule.of(alike);
    assertThat(rule.most()).isEqualTo(RowRule.LIMIT);
    assertThat(rule.padded(1)).isEqualTo(1);
  }

  private static RowRule ruleWithout(int... counts) {
    boolean[] alike = new boolean[RowRule.LIMIT + 2];
    Arrays.fill(alike, true);
    for (int count : counts) {
      alike[count - 1] = false;
    }
    return RowRule.of(alike);
  }
}
