package io.adaspec.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.baselines.world.Device;
import io.adaspec.baselines.world.World;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// In a world in closed form, adaspec-plus serves no slower than without speculation or with the
/// best fixed length, within 3 % of mean end-to-end time.
class AdaSpecPlusRegimesTest {
  private static final double TOLERANCE = 1.03;

  @ParameterizedTest
  @CsvSource({
    "cpu, 0.45, 0.75, 60", "cpu, 0.8, 0.75, 60",
    "cpu, 0.45, 7.5, 150", "cpu, 0.8, 7.5, 150",
    "cpu, 0.45, 40, 150", "cpu, 0.8, 40, 150",
    "gpu, 0.45, 0.5, 60", "gpu, 0.8, 0.5, 60",
    "gpu, 0.45, 10, 150", "gpu, 0.8, 10, 150",
    "gpu, 0.45, 320, 600", "gpu, 0.8, 320, 600",
  })
  void itDoesNotLoseToTheBestFixedLength(
      String device, double acceptance, double rate, int requests) {
    boolean cpu = device.equals("cpu");
    World world =
        new World(cpu ? Device.cpu() : Device.gpu())
            .maxBatch(cpu ? 16 : 128)
            .lengths(80, cpu ? 60 : 150)
            .acceptance(acceptance)
            .load(rate, requests);
    double best =
        IntStream.rangeClosed(0, 5)
            .mapToDouble(k -> world.run(k == 0 ? "autoregressive" : "fixed:" + k).meanEndToEnd())
            .min()
            .orElseThrow();

    double plus = world.run("adaspec-plus").meanEndToEnd();

    assertThat(plus).isLessThanOrEqualTo(TOLERANCE * best);
  }
}
