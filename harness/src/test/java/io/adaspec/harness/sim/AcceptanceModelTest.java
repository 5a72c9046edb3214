package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.Rollouts.Generation;
import io.adaspec.workload.input.InputFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptanceModelTest {
  private static final AcceptanceModel SKEWED =
      new AcceptanceModel(
          "skewed",
          -0.8,
          1.3,
          0.5,
          0.25,
          0.4,
          0.7,
          0.8,
          List.of(0.4, 0.2, 0.1),
          List.of(0.3, 0.2, 0.1),
          0.5,
          6);

  @TempDir private Path directory;

  @Test
  void equalSeeds_drawEqualTexts() {
    Rollouts once = SKEWED.draw(7, 5, 40);
    assertThat(SKEWED.draw(7, 5, 40).generations())
        .usingRecursiveComparison()
        .isEqualTo(once.generations());
    assertThat(SKEWED.draw(8, 5, 40).generations().getFirst().ranks())
        .isNotEqualTo(once.generations().getFirst().ranks());
  }

  /// Tolerances are at least three times what fits of other seeds differ by.
  @Test
  void aFit_findsTheParametersThatTextsWereDrawnWith() {
    AcceptanceModel fitted = AcceptanceFit.fit(SKEWED.draw(11, 300, 400), "fit");
    assertThat(fitted.location()).isCloseTo(SKEWED.location(), within(0.04));
    assertThat(fitted.scale()).isCloseTo(SKEWED.scale(), within(0.04));
    assertThat(fitted.skew()).isCloseTo(SKEWED.skew(), within(0.05));
    assertThat(fitted.difficulty()).isCloseTo(SKEWED.difficulty(), within(0.03));
    assertThat(fitted.persistence()).isCloseTo(SKEWED.persistence(), within(0.03));
    assertThat(fitted.calibrationIntercept())
        .isCloseTo(SKEWED.calibrationIntercept(), within(0.05));
    assertThat(fitted.calibrationSlope()).isCloseTo(SKEWED.calibrationSlope(), within(0.05));
    assertThat(fitted.divergence()).isCloseTo(SKEWED.divergence(), within(0.03));
    for (int rank = 0; rank < 3; rank++) {
      assertThat(fitted.rankShares().get(rank))
          .isCloseTo(SKEWED.rankShares().get(rank), within(0.02));
      assertThat(fitted.alternativeShares().get(rank))
          .isCloseTo(SKEWED.alternativeShares().get(rank), within(1e-6));
    }
  }

  @Test
  void goodnessOfFit_tellsTheRightModelFromAWrongOne() {
    Rollouts texts = SKEWED.draw(11, 200, 300);
    FitQuality right = FitQuality.of(SKEWED, texts, 1);
    FitQuality wrong = FitQuality.of(AcceptanceModel.DEFAULT, texts, 1);
    assertThat(right.confidenceDistance()).isLessThan(0.02);
    assertThat(right.divergedDistance()).isLessThan(0.03);
    assertThat(right.lengthDistance()).isLessThan(0.02);
    assertThat(right.meanDrawn()).isCloseTo(right.meanAccepted(), within(0.05));
    assertThat(right.reliability())
        .allSatisfy(bin -> assertThat(bin.model()).isCloseTo(bin.accepted(), within(0.03)));
    assertThat(wrong.confidenceDistance()).isGreaterThan(0.2);
    assertThat(wrong.lengthDistance()).isGreaterThan(0.05);
    assertThat(right.recorded()).isEqualTo(60_000);
  }

  @Test
  void theDistance_isTheLargestDifferenceOfTheDistributions() {
    assertThat(FitQuality.distance(new double[] {1, 2, 3}, new double[] {1, 2, 3})).isZero();
    assertThat(FitQuality.distance(new double[] {1, 2}, new double[] {3, 4})).isEqualTo(1);
    assertThat(FitQuality.distance(new double[] {1, 2, 3, 4}, new double[] {3, 4})).isEqualTo(0.5);
    assertThat(FitQuality.distance(new double[0], new double[] {1})).isNaN();
  }

  @Test
  void withoutDifficulty_textsDifferByChanceOnly() {
    AcceptanceModel equal =
        new AcceptanceModel("equal", 0, 1, 0, 0, 0, 0, 1, List.of(0.5), List.of(0.5), 0, 4);
    assertThat(AcceptanceFit.fit(equal.draw(3, 100, 200), "").difficulty()).isLessThan(0.02);
    double certain =
        new AcceptanceModel("sure", 0, 1, 0, 1, 0, 0, 1, List.of(0.5), List.of(0.5), 0, 4)
            .draw(3, 1, 50).generations().stream().mapToDouble(text -> spread(text)).sum();
    assertThat(certain).as("all variance between texts, none along them").isZero();
  }

  private static double spread(Generation text) {
    float first = text.alternatives()[0];
    double spread = 0;
    for (int t = 0; t < text.length(); t++) {
      spread += Math.abs(text.alternatives()[t * 2] - first);
    }
    return spread;
  }

  @Test
  void parameters_surviveTheirFile() throws IOException {
    Path file = directory.resolve("p.json");
    SKEWED.write(file);
    assertThat(AcceptanceModel.read(file)).isEqualTo(SKEWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "{}", "{\"name\": \"x\"}", "[1, 2]"})
  void otherFiles_areNamedAndRefused(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("p.json"), content);
    assertThatThrownBy(() -> AcceptanceModel.read(file))
        .isInstanceOf(InputFormatException.class)
        .hasMessageContaining(file + ": holds no acceptance parameters");
  }

  @Test
  void parametersOutOfRange_areNamed() throws IOException {
    Path file = directory.resolve("p.json");
    SKEWED.write(file);
    Files.writeString(file, Files.readString(file).replace("0.4,", "1.5,"));
    assertThatThrownBy(() -> AcceptanceModel.read(file))
        .isInstanceOf(InputFormatException.class)
        .hasMessageContaining("1.5");
    assertThatThrownBy(
            () ->
                new AcceptanceModel(
                    "x", 0, 1, 0, 0, 0, 0, 1, List.of(0.1, 0.2), List.of(0.2, 0.1), 0, 4))
        .hasMessageContaining("rank_shares must fall and sum to at most 1: [0.1, 0.2]");
  }

  @Test
  void tooShortTexts_cannotBeFitted() {
    Rollouts one = SKEWED.draw(1, 1, 100);
    assertThatThrownBy(() -> AcceptanceFit.fit(one, "x"))
        .hasMessageContaining("at least 2 generations");
  }
}
