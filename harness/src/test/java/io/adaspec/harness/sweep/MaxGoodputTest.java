package io.adaspec.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sim.TooLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaxGoodputTest {
  @TempDir private Path folder;

  private static Cell cell(double rateScale, long seed, long tpotNanos) {
    Slo slo = new Slo(2_000_000_000, tpotNanos, Slo.NONE);
    return new Cell(
        "a100-llama2-7b",
        "",
        "digest",
        rateScale,
        10,
        "autoregressive",
        seed,
        slo,
        0.02,
        TooLong.REFUSE,
        "test");
  }

  private List<MaxGoodput.Row> search(Cell... cells) throws IOException, InterruptedException {
    return new MaxGoodput(folder).search(List.of(cells), 2, (_, _) -> true).orElseThrow();
  }

  private static double attainment(Cell cell) throws IOException {
    return new CellRunner().run(cell, (_, _) -> true).orElseThrow().get(Scalar.ATTAINMENT.key());
  }

  @Test
  void scaleKeepsTheObjectives_andALittleMoreDoesNot() throws IOException, InterruptedException {
    Cell start = cell(1, 0, 12_400_000);
    double scale = search(start).getFirst().mean();
    assertThat(attainment(start.at(scale))).isGreaterThanOrEqualTo(90);
    try (Stream<Path> runs = Files.list(folder.resolve("cells"))) {
      // Among the kept runs is the one that bounds it from above.
      assertThat(runs.map(MaxGoodputTest::rateScale).filter(other -> other > scale))
          .anyMatch(other -> other <= scale * (1 + MaxGoodput.TOLERANCE));
    }
  }

  private static double rateScale(Path run) {
    try {
      return Double.parseDouble(
          Files.readAllLines(run).getFirst().replaceAll(".*rateScale=([^,]*),.*", "$1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void startDoesNotMatterMuch() throws IOException, InterruptedException {
    double low = search(cell(0.25, 0, 12_400_000)).getFirst().mean();
    double high = search(cell(16, 0, 12_400_000)).getFirst().mean();
    assertThat(low / high).isCloseTo(1, within(0.15));
  }

  @Test
  void seedsShareARow_withTheLeastAndTheGreatest() throws IOException, InterruptedException {
    List<MaxGoodput.Row> rows = search(cell(8, 0, 12_400_000), cell(8, 1, 12_400_000));
    assertThat(rows).hasSize(1);
    MaxGoodput.Row row = rows.getFirst();
    assertThat(row.seeds()).isEqualTo(2);
    assertThat(row.mean()).isBetween(row.least(), row.greatest()).isPositive();
  }

  @Test
  void objectiveThatNoLoadKeeps_isZero() throws IOException, InterruptedException {
    // Less than the time of a step.
    assertThat(search(cell(1, 0, 1_000_000)).getFirst().greatest()).isZero();
  }
}
