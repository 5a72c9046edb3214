package io.adaspec.harness.sim.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The constants that are shipped against measured kernels. docs/deployments.md reports the errors;
/// the bounds here are a little wider.
class CalibrationTest {
  private static final List<Figures.Linear> TABLE =
      Figures.linear(Figures.resource("linear-figures.csv"));
  private static final List<Figures.Reduction> REDUCTIONS =
      Figures.reductions(Figures.resource("all-reduce-figures.csv"));

  @ParameterizedTest
  @ValueSource(strings = {"a100", "a40", "h100"})
  void layersOfTheTable(String gpu) {
    RelativeErrors errors = RelativeErrors.of(Catalogue.device(gpu), of(gpu, TABLE));
    assertThat(errors.median()).isLessThan(0.05);
    assertThat(errors.worst()).isLessThan(0.25);
    RelativeErrors ofDecodes = errors.within(0, 128);
    assertThat(ofDecodes.median()).isLessThan(0.04);
    assertThat(ofDecodes.worst()).isLessThan(0.20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a100", "a40", "h100"})
  void layersOfAModelThatWasHeldOut(String gpu) {
    List<Figures.Linear> heldOut = of(gpu, TABLE).stream().filter(Calibration.HELD_OUT).toList();
    assertThat(heldOut).hasSize(4 * 13);
    RelativeErrors errors = RelativeErrors.of(Catalogue.device(gpu), heldOut);
    assertThat(errors.median()).isLessThan(0.06);
    assertThat(errors.worst()).isLessThan(0.25);
  }

  @Test
  void constantsOfTheA100_carryOverToTheH100() {
    DeviceSpec h100 = Catalogue.device("h100").with(Catalogue.device("a100").kernels());
    RelativeErrors errors = RelativeErrors.of(h100, of("h100", TABLE));
    assertThat(errors.median()).isLessThan(0.15);
    assertThat(errors.worst()).isLessThan(0.40);
  }

  @Test
  void peaksAlone_areFarOff() {
    DeviceSpec ideal = Catalogue.device("a100").with(new KernelEfficiency(1, 1, 1, 0, 0, 0));
    assertThat(RelativeErrors.of(ideal, of("a100", TABLE)).median()).isGreaterThan(0.25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a100", "h100"})
  void allReducesOfTheTable(String gpu) {
    List<Figures.Reduction> own =
        REDUCTIONS.stream().filter(figure -> figure.gpu().equals(gpu)).toList();
    Link link = Catalogue.device(gpu).link();
    RelativeErrors errors = RelativeErrors.of(link, own);
    assertThat(errors.median()).isLessThan(0.12);
    assertThat(errors.worst()).isLessThan(0.40);
    Link refitted = LinkFit.fit(link.bytesPerSecond(), own);
    assertThat(link.latencyMicros()).isCloseTo(refitted.latencyMicros(), within(0.01));
    assertThat(link.bandwidth()).isCloseTo(refitted.bandwidth(), within(0.002));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a100", "a40", "h100"})
  void everyMeasuredLayer(String gpu) {
    List<Figures.Linear> all =
        of(gpu, Figures.linear(Figures.file(shared("profiles/linear-layers.csv")))).stream()
            .filter(figure -> figure.tokens() <= Calibration.MOST_TOKENS)
            .toList();
    DeviceSpec device = Catalogue.device(gpu);
    RelativeErrors errors = RelativeErrors.of(device, all);
    assertThat(errors.median()).isLessThan(0.05);
    assertThat(errors.worst()).isLessThan(0.30);
    assertThat(errors.within(0, 128).median()).isLessThan(0.05);

    KernelEfficiency refitted =
        LinearFit.fit(device, all.stream().filter(Calibration.HELD_OUT.negate()).toList());
    assertThat(device.kernels().compute()).isCloseTo(refitted.compute(), within(0.001));
    assertThat(device.kernels().bandwidth()).isCloseTo(refitted.bandwidth(), within(0.001));
    assertThat(device.kernels().layerMicros()).isCloseTo(refitted.layerMicros(), within(0.1));
  }

  @Test
  void tableIsPartOfWhatWasMeasured() {
    List<Figures.Linear> all = Figures.linear(Figures.file(shared("profiles/linear-layers.csv")));
    assertThat(all).containsAll(TABLE);
  }

  private static List<Figures.Linear> of(String gpu, List<Figures.Linear> figures) {
    return figures.stream().filter(figure -> figure.gpu().equals(gpu)).toList();
  }

  /// Public data beside the project, which the build does not need.
  private static Path shared(String relative) {
    Path file = Path.of("..", "..", "shared", relative);
    assumeTrue(Files.exists(file), () -> "needs the shared data: " + file);
    return file;
  }
}
