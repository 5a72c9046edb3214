package io.adaspec.harness.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SloSurfaceTest {
  private static final double[] LIMITS = {1, 2, 5, 10, 20, 50, 100};

  /// The table against a count per pair of objectives, by the definition.
  @Property
  void surface_equalsBruteForce(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(min = -20, max = 130) Integer> draws) {
    List<RequestFacts> requests = new ArrayList<>();
    for (int i = 0; i < draws.size(); i++) {
      int draw = draws.get(i);
      double tpot = draw % 5 == 0 ? Double.NaN : (draw * 37) % 120 + 0.5 * (draw % 2);
      requests.add(draw <= 0 ? FactsOf.failed(i) : FactsOf.served(i, draw, tpot));
    }
    double[][] surface = SloSurface.attainment(requests, LIMITS, LIMITS);
    for (int i = 0; i < LIMITS.length; i++) {
      for (int j = 0; j < LIMITS.length; j++) {
        double ttft = LIMITS[i];
        double tpot = LIMITS[j];
        long met =
            requests.stream()
                .filter(row -> row.served() && row.ttft() <= ttft)
                .filter(row -> Double.isNaN(row.tpot()) || row.tpot() <= tpot)
                .count();
        assertThat(surface[i][j]).isCloseTo(100.0 * met / requests.size(), within(1e-9));
      }
    }
  }

  @Example
  void surface_atTheObjectiveItself_isTheAttainment() {
    List<RequestFacts> requests =
        List.of(FactsOf.served(0, 10, 5), FactsOf.served(1, 10.001, 5), FactsOf.failed(2));
    double[][] surface = SloSurface.attainment(requests, new double[] {10}, new double[] {5});
    assertThat(Arrays.deepToString(surface)).isEqualTo("[[" + 100.0 / 3 + "]]");
  }
}
