package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.SloMix.SloClass;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SloMixTest {
  private static final Slo REST = new Slo(1, 1, 1);
  private static final SloClass CHAT = new SloClass("chat", new Slo(2, 2, 2), 0.7);
  private static final SloClass CODE = new SloClass("code", new Slo(3, 3, 3), 0.2);

  private static Map<SloMix.Assigned, Long> assigned(SloMix mix, long seed) {
    return LongStream.range(0, 20_000)
        .mapToObj(id -> mix.assign(seed, id))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  @Test
  void everyClassGetsItsShare_andTheRestTheDefault() {
    Map<SloMix.Assigned, Long> counts = assigned(new SloMix(REST, List.of(CHAT, CODE)), 7);

    assertThat(counts.keySet())
        .containsExactlyInAnyOrder(
            new SloMix.Assigned("chat", CHAT.slo()),
            new SloMix.Assigned("code", CODE.slo()),
            new SloMix.Assigned("default", REST));
    // Six standard deviations of a share of 20,000.
    assertThat(counts.get(new SloMix.Assigned("chat", CHAT.slo())) / 2e4)
        .isCloseTo(0.7, within(0.02));
    assertThat(counts.get(new SloMix.Assigned("code", CODE.slo())) / 2e4)
        .isCloseTo(0.2, within(0.02));
  }

  @Test
  void theSameSeedAssignsTheSame_anotherDoesNot() {
    SloMix mix = new SloMix(REST, List.of(CHAT, CODE));
    List<String> first =
        LongStream.range(0, 100).mapToObj(id -> mix.assign(1, id).sloClass()).toList();

    assertThat(LongStream.range(0, 100).mapToObj(id -> mix.assign(1, id).sloClass()).toList())
        .isEqualTo(first);
    assertThat(LongStream.range(0, 100).mapToObj(id -> mix.assign(2, id).sloClass()).toList())
        .isNotEqualTo(first);
  }

  @Test
  void withoutClasses_requestsHaveNone() {
    assertThat(SloMix.of(REST).assign(1, 5)).isEqualTo(new SloMix.Assigned("", REST));
  }

  @Test
  void sharesThatAddUpToOneButForRounding_leaveNoRest() {
    SloMix mix =
        new SloMix(
            REST,
            List.of(
                new SloClass("a", REST, 0.1),
                new SloClass("b", REST, 0.2),
                new SloClass("c", REST, 0.7)));

    assertThat(mix.defaultShare()).isZero();
    assertThat(assigned(mix, 3).keySet())
        .extracting(SloMix.Assigned::sloClass)
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void classesMustFitTogether() {
    assertThatThrownBy(() -> new SloMix(REST, List.of(CHAT, CHAT)))
        .hasMessage("SLO class chat is given twice");
    assertThatThrownBy(() -> new SloMix(REST, List.of(new SloClass("default", REST, 0.5))))
        .hasMessage("the SLO class default is that of the remaining requests");
    assertThatThrownBy(() -> new SloMix(REST, List.of(CHAT, new SloClass("b", REST, 0.5))))
        .hasMessage("the shares of the SLO classes add up to 1.2");
    assertThatThrownBy(() -> new SloClass("a b", REST, 0.5)).hasMessageContaining("'a b'");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void aShareMustBeOne(double share) {
    assertThatThrownBy(() -> new SloClass("a", REST, share))
        .hasMessage("SLO class a: share must be in (0, 1]: " + share);
  }
}
