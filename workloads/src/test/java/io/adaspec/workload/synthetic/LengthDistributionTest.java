package io.adaspec.workload.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.synthetic.LengthDistribution.Empirical;
import io.adaspec.workload.synthetic.LengthDistribution.Fixed;
import io.adaspec.workload.synthetic.LengthDistribution.LogNormal;
import io.adaspec.workload.synthetic.LengthDistribution.Uniform;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceLosses;
import io.adaspec.workload.trace.TracedRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LengthDistributionTest {
  private static final int SAMPLES = 50_000;

  @Test
  void fixed_isFixed() {
    assertThat(samples(new Fixed(17))).containsOnly(17);
  }

  @Test
  void uniform_reachesBothEndsEquallyOften() {
    int[] samples = samples(new Uniform(3, 7));

    for (int tokens = 3; tokens <= 7; tokens++) {
      assertThat(share(samples, tokens)).isCloseTo(0.2, Offset.offset(0.01));
    }
    assertThat(samples(new Uniform(Integer.MAX_VALUE, Integer.MAX_VALUE)))
        .containsOnly(Integer.MAX_VALUE);
  }

  @Test
  void logNormal_hasItsMedianAndSpread() {
    int[] samples = samples(new LogNormal(1000, 0.5, 1, Integer.MAX_VALUE));
    Arrays.sort(samples);

    assertThat(samples[SAMPLES / 2]).isCloseTo(1000, Percentage.withPercentage(2));
    assertThat(Math.log(samples[(int) (SAMPLES * 0.8413)] / 1000.0))
        .isCloseTo(0.5, Offset.offset(0.02));
  }

  @Test
  void logNormal_putsTheTailsOnItsBounds() {
    int[] samples = samples(new LogNormal(100, 1, 50, 200));

    assertThat(IntStream.of(samples).min().orElseThrow()).isEqualTo(50);
    assertThat(IntStream.of(samples).max().orElseThrow()).isEqualTo(200);
    // P(Z > ln 2) = 0.2441, a little more with the rounding.
    assertThat(share(samples, 200)).isCloseTo(0.245, Offset.offset(0.01));
    assertThat(share(samples, 50)).isCloseTo(0.248, Offset.offset(0.01));
  }

  @Test
  void empirical_repeatsTheLengthsOfATraceWithoutFailedRequests() {
    Trace trace =
        new Trace(
            "t",
            "test",
            "0".repeat(64),
            List.of(
                TracedRequest.of(0, 5, 50),
                TracedRequest.of(0, 5, 60),
                TracedRequest.of(0, 9, 0),
                TracedRequest.arrival(0)),
            TraceLosses.NONE);

    assertThat(Empirical.ofPrompts(trace).tokens()).containsExactly(5, 5, 9);
    assertThat(Empirical.ofOutputs(trace).tokens()).containsExactly(50, 60);
    assertThat(share(samples(Empirical.ofPrompts(trace)), 5))
        .isCloseTo(2 / 3.0, Offset.offset(0.01));
  }

  @Test
  void badParametersAreRefusedByValue() {
    assertThatThrownBy(() -> new Fixed(0)).hasMessageContaining("min 0");
    assertThatThrownBy(() -> new Uniform(5, 4)).hasMessageContaining("min 5, max 4");
    assertThatThrownBy(() -> new LogNormal(10, -1, 1, 20)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> new LogNormal(30, 1, 1, 20)).hasMessageContaining("30.0");
    assertThatThrownBy(() -> new Empirical(List.of())).hasMessageContaining("needs lengths");
    assertThatThrownBy(() -> new Empirical(List.of(3, 0))).hasMessageContaining("min 0");
  }

  private static int[] samples(LengthDistribution distribution) {
    UniformRandomProvider random = RandomStreams.of(20);
    return IntStream.generate(() -> distribution.sample(random)).limit(SAMPLES).toArray();
  }

  private static double share(int[] samples, int tokens) {
    return IntStream.of(samples).filter(sample -> sample == tokens).count()
        / (double) samples.length;
  }
}
