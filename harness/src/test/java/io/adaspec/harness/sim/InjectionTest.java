package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InjectionTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void aSlowdown_lastsFromItsStartToItsEnd() {
    assertThat(Injection.parse("slowdown:2.0@120s"))
        .isEqualTo(new Injection.Slowdown(2, 120 * SECOND, Long.MAX_VALUE));
    Injection.Speed slowdown = (Injection.Speed) Injection.parse("slowdown:3@1.5s-2s");
    assertThat(slowdown.factorAt(1_499_999_999)).isEqualTo(1);
    assertThat(slowdown.factorAt(1_500_000_000)).isEqualTo(3);
    assertThat(slowdown.factorAt(1_999_999_999)).isEqualTo(3);
    assertThat(slowdown.factorAt(2_000_000_000)).isEqualTo(1);
  }

  @Test
  void aDrift_risesSteadilyAndStays() {
    Injection.Speed drift = (Injection.Speed) Injection.parse("drift:1.5@10-20");
    assertThat(drift.factorAt(10 * SECOND)).isEqualTo(1);
    assertThat(drift.factorAt(15 * SECOND)).isCloseTo(1.25, within(1e-9));
    assertThat(drift.factorAt(20 * SECOND)).isEqualTo(1.5);
    assertThat(drift.factorAt(100 * SECOND)).isEqualTo(1.5);
  }

  @Test
  void aWrongProfile_isWrongFromTheStart() {
    assertThat(Injection.parse("wrong-profile:1.5")).isEqualTo(new Injection.WrongProfile(1.5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "slowdown",
        "slowdown:2",
        "slowdown:x@1s",
        "slowdown:0@1s",
        "slowdown:-1@1s",
        "slowdown:Infinity@1s",
        "slowdown:2@5s-3s",
        "slowdown:2@-5s",
        "slowdown:2@1e12s",
        "slowdown:2@1s-",
        "drift:2@1s",
        "wrong-profile:2@1s",
        "earthquake:2@1s"
      })
  void anythingElse_isNamedAndRefused(String text) {
    assertThatThrownBy(() -> Injection.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
