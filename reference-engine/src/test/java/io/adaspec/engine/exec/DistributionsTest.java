package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.SamplingParams;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionsTest {
  private static final Offset<Float> TOLERANCE = within(1e-6f);

  /// Logits of the given probabilities.
  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  private static float[] distribution(SamplingParams sampling, float... logits) {
    Distributions.fromLogits(logits, sampling, new long[logits.length]);
    return logits;
  }

  private static SamplingParams sampling(double temperature, int topK, double topP) {
    return new SamplingParams(temperature, topK, topP, 0);
  }

  @Test
  void greedy_isAllOnTheArgmax_tiesToTheLowestId() {
    assertThat(distribution(SamplingParams.GREEDY, -1, 3, 2, 3)).containsExactly(0, 1, 0, 0);
  }

  @Test
  void argmax_ofNegativeValues() {
    assertThat(Distributions.argmax(new float[] {-3, -1, -2})).isEqualTo(1);
    assertThat(Distributions.argmax(new float[] {-5})).isZero();
  }

  @Test
  void temperatureOne_isTheSoftmax() {
    assertThat(distribution(sampling(1, 0, 1), logits(0.5, 0.3, 0.2)))
        .containsExactly(new float[] {0.5f, 0.3f, 0.2f}, TOLERANCE);
  }

  /// Temperature T raises probabilities to the power 1/T: (0.8, 0.2) at T = 0.5 becomes (0.64,
  /// 0.04) / 0.68.
  @ParameterizedTest
  @CsvSource({"0.5, 0.941176, 0.058824", "2, 0.666667, 0.333333"})
  void temperature_sharpensBelowOneAndFlattensAbove(double temperature, float first, float second) {
    assertThat(distribution(sampling(temperature, 0, 1), logits(0.8, 0.2)))
        .containsExactly(new float[] {first, second}, TOLERANCE);
  }

  @Test
  void extremeLogits_neitherOverflowNorVanish() {
    assertThat(distribution(sampling(1, 0, 1), 1e30f, 1e30f, -1e30f))
        .containsExactly(0.5f, 0.5f, 0);
    assertThat(distribution(sampling(1e-300, 0, 1), 1, 1.5f, 1)).containsExactly(0, 1, 0);
    assertThat(distribution(sampling(1, 0, 1), 0, Float.NEGATIVE_INFINITY)).containsExactly(1, 0);
  }

  @Test
  void topK_keepsTheMostProbableAndRenormalises() {
    assertThat(distribution(sampling(1, 2, 1), logits(0.2, 0.5, 0.3)))
        .containsExactly(new float[] {0, 0.625f, 0.375f}, TOLERANCE);
  }

  @Test
  void topK_tiesGoToTheLowestId() {
    assertThat(distribution(sampling(1, 2, 1), 0, 1, 1, 1)).containsExactly(0, 0.5f, 0.5f, 0);
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "4", "1000"})
  void topK_ofTheWholeVocabularyOrMore_changesNothing(int topK) {
    assertThat(distribution(sampling(1, topK, 1), logits(0.2, 0.5, 0.3)))
        .containsExactly(new float[] {0.2f, 0.5f, 0.3f}, TOLERANCE);
  }

  @Test
  void topKOfOne_isGreedy() {
    assertThat(distribution(sampling(1, 1, 1), 2, 2, 1)).containsExactly(1, 0, 0);
  }

  /// Binary fractions, so that sums are exact: the mass reaches top-p with the token that completes
  /// it.
  @ParameterizedTest
  @CsvSource({
    "0.4999, 1",
    "0.5, 1",
    "0.5001, 2",
    "0.75, 2",
    "0.7501, 3",
    "0.875, 3",
    "0.8751, 4",
    "1.0, 4",
    "1e-300, 1"
  })
  void topP_keepsTheFewestTokensWhoseMassReachesIt(double topP, int kept) {
    // Softmax of multiples of ln 2 is exact to a rounding; the powers of two below are exact.
    float[] distribution = {0.5f, 0.25f, 0.125f, 0.125f};
    float[] result = distribution(sampling(1, 0, topP), logits(0.5, 0.25, 0.125, 0.125));

    double mass = 0;
    for (int i = 0; i < kept; i++) {
      mass += distribution[i];
    }
    for (int i = 0; i < result.length; i++) {
      assertThat(result[i]).isCloseTo(i < kept ? (float) (distribution[i] / mass) : 0, TOLERANCE);
    }
  }

  @Test
  void topP_tiesAtTheBoundaryGoToTheLowestId() {
    assertThat(distribution(sampling(1, 0, 0.5), 0, 0, 0, 0)).containsExactly(0.5f, 0.5f, 0, 0);
    assertThat(distribution(sampling(1, 0, 0.51), 0, 0, 0, 0))
        .containsExactly(new float[] {1 / 3f, 1 / 3f, 1 / 3f, 0}, TOLERANCE);
  }

  /// Top-k leaves (0.5, 0.3) of 0.8: half of that is reached by the first, half of 1 as well, but
  /// 0.63 of 0.8 is not reached by 0.5 and would be by 0.5 + 0.3.
  @ParameterizedTest
  @CsvSource({"0.62, 1", "0.63, 2"})
  void topP_countsOutOfWhatTopKLeft(double topP, int kept) {
    float[] result = distribution(sampling(1, 2, topP), logits(0.5, 0.3, 0.2));

    assertThat(result[1] > 0).isEqualTo(kept == 2);
    assertThat(result[2]).isZero();
  }

  @Property(tries = 300, seed = "2")
  void whateverTheParameters_aDistributionThatKeepsTheMostProbable(
      @ForAll @Size(min = 1, max = 30) float @FloatRange(min = -20, max = 20) [] logits,
      @ForAll @DoubleRange(min = 0, max = 3) double temperature,
      @ForAll @IntRange(max = 40) int topK,
      @ForAll @DoubleRange(min = 0.01, max = 1) double topP) {
    int best = Distributions.argmax(logits);
    float[] result = distribution(sampling(temperature, topK, topP), logits.clone());

    double sum = 0;
    int kept = 0;
    for (int i = 0; i < result.length; i++) {
      sum += result[i];
      kept += result[i] > 0 ? 1 : 0;
      assertThat(result[i]).isBetween(0f, 1f);
      for (int j = 0; j < result.length; j++) {
        if (logits[i] > logits[j]) {
          assertThat(result[i]).isGreaterThanOrEqualTo(result[j]);
        }
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
    assertThat(result[best]).isPositive();
    assertThat(kept).isLessThanOrEqualTo(topK == 0 ? result.length : topK);
  }

  @Test
  void residual_isTheNormalisedExcessOfTheTarget() {
    float[] p = {0.5f, 0.3f, 0.2f};

    Distributions.residual(p, new float[] {0.25f, 0.5f, 0.25f});
    assertThat(p).containsExactly(1, 0, 0);

    float[] q = {0.5f, 0.25f, 0.25f};
    Distributions.residual(q, new float[] {0.25f, 0.125f, 0.625f});
    assertThat(q).containsExactly(new float[] {2 / 3f, 1 / 3f, 0}, TOLERANCE);
  }

  @Test
  void residual_ofEqualDistributionsLeavesThemAsTheyAre() {
    float[] p = {0.5f, 0.5f};

    Distributions.residual(p, p.clone());

    assertThat(p).containsExactly(0.5f, 0.5f);
  }

  @Test
  void remove_renormalisesTheOthers() {
    float[] p = {0.5f, 0.25f, 0.25f};

    Distributions.remove(p, 1);

    assertThat(p).containsExactly(new float[] {2 / 3f, 0, 1 / 3f}, TOLERANCE);
  }

  @Test
  void removingAllThereIs_leavesZero() {
    float[] p = {0, 1, 0};

    Distributions.remove(p, 1);

    assertThat(p).containsOnly(0);
    assertThat(Arrays.hashCode(p)).isEqualTo(Arrays.hashCode(new float[3]));
  }
}
