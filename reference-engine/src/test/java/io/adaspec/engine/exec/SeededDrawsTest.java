package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeededDrawsTest {
  private static final int PAIRS = 20_000;
  private static final float[] UNIFORM = new float[1024];

  static {
    Arrays.fill(UNIFORM, 1f / UNIFORM.length);
  }

  /// The first draw, about uniform on [-0.5, 0.5).
  private static double first(long seed, int position) {
    return (double) new SeededDraws().at(seed, position).sample(UNIFORM) / UNIFORM.length - 0.5;
  }

  @Test
  void equalSeedsAndPositions_drawAlike() {
    Draws one = new SeededDraws().at(42, 7);
    Draws other = new SeededDraws().at(42, 7);

    for (int i = 0; i < 100; i++) {
      assertThat(one.sample(UNIFORM)).isEqualTo(other.sample(UNIFORM));
      assertThat(one.accept(0.5)).isEqualTo(other.accept(0.5));
    }
  }

  /// A seed gives the texts that it always gave.
  @Test
  void theNumbers_areThoseOfSplittableRandom() {
    SeededDraws source = new SeededDraws();
    for (int seed = 0; seed < 1000; seed++) {
      long stream = new SplittableRandom(seed).nextLong() + seed % 7 * 0xD1B54A32D192ED03L;
      SplittableRandom random = new SplittableRandom(stream);
      Draws draws = source.at(seed, seed % 7);
      for (int draw = 0; draw < 5; draw++) {
        double number = random.nextDouble();
        assertThat(draws.accept(draw % 2 == 0 ? number : Math.nextUp(number)))
            .isEqualTo(draw % 2 == 1);
      }
    }
  }

  /// The correlation of independent draws has standard deviation 1 / sqrt(20,000) = 0.007.
  private static void assertUncorrelated(IntToDoubleFunction left, IntToDoubleFunction right) {
    double covariance =
        IntStream.range(0, PAIRS)
                .mapToDouble(i -> left.applyAsDouble(i) * right.applyAsDouble(i))
                .sum()
            / PAIRS;
    assertThat(covariance * 12).isCloseTo(0, within(0.03));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 1 << 20})
  void seedsApart_areUncorrelated(int distance) {
    assertUncorrelated(i -> first(i, 5), i -> first(i + distance, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64})
  void positionsApart_areUncorrelated(int distance) {
    assertUncorrelated(i -> first(1, i), i -> first(1, i + distance));
  }

  @Test
  void aSeedsNextPosition_isNotTheNextSeedsPosition() {
    assertUncorrelated(i -> first(i, 1), i -> first(i + 1, 0));
    assertUncorrelated(i -> first(i, 0), i -> first(i ^ 1, 1));
  }

  @Test
  void consecutiveDrawsOfAPosition_areUncorrelated() {
    assertUncorrelated(
        i -> first(i, 3),
        i -> {
          Draws draws = new SeededDraws().at(i, 3);
          draws.accept(0.5);
          return (double) draws.sample(UNIFORM) / UNIFORM.length - 0.5;
        });
  }

  @Test
  void samples_followTheDistribution() {
    float[] distribution = {0.1f, 0, 0.6f, 0.3f};
    int[] counts = new int[4];

    IntStream.range(0, PAIRS)
        .forEach(seed -> counts[new SeededDraws().at(seed, 0).sample(distribution)]++);

    // Four standard deviations of a count are at most 4 · sqrt(20,000 / 4) = 283.
    for (int token = 0; token < 4; token++) {
      assertThat((double) counts[token]).isCloseTo(PAIRS * distribution[token], within(283.0));
    }
    assertThat(counts[1]).isZero();
  }

  @Test
  void acceptance_hasTheGivenProbability() {
    long accepted =
        IntStream.range(0, PAIRS).filter(seed -> new SeededDraws().at(seed, 0).accept(0.3)).count();

    assertThat((double) accepted).isCloseTo(0.3 * PAIRS, within(260.0));
  }

  @Test
  void certaintyIsNeverRefused_andImpossibilityNeverAccepted() {
    for (int seed = 0; seed < 1000; seed++) {
      assertThat(new SeededDraws().at(seed, 0).accept(1)).isTrue();
      assertThat(new SeededDraws().at(seed, 0).accept(0)).isFalse();
    }
  }

  /// A distribution that rounding left short of one.
  @Test
  void aRemainder_goesToTheLastPossibleToken() {
    float[] deficient = {0, 0.1f, 0.1f, 0};

    for (int seed = 0; seed < 200; seed++) {
      assertThat(new SeededDraws().at(seed, 0).sample(deficient)).isBetween(1, 2);
    }
  }
}
