package io.adaspec.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.sim.TooLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
  @TempDir private Path folder;

  private static Cell cell(String policy, long seed) {
    return new Cell(
        "a100-llama2-7b",
        "",
        "digest",
        1,
        10,
        policy,
        seed,
        new Slo(1_000_000_000, 50_000_000, Slo.NONE),
        0.02,
        TooLong.REFUSE,
        "test");
  }

  private static List<Cell> grid() {
    return List.of(
        cell("autoregressive", 0),
        cell("fixed:3", 0),
        cell("autoregressive", 1),
        cell("adaspec", 1));
  }

  private Path summary(String name, int jobs) throws IOException, InterruptedException {
    Sweep sweep = new Sweep(folder.resolve(name), grid());
    assertThat(sweep.run(jobs, (_, _) -> true, (_, _, _) -> {})).isTrue();
    return sweep.writeSummary(sweep.rows());
  }

  @Test
  void summaryIsTheSameForAnyNumberOfJobs() throws IOException, InterruptedException {
    assertThat(summary("one", 1)).hasSameBinaryContentAs(summary("three", 3));
  }

  @Test
  void onlyMissingCellsAreRunAgain() throws IOException, InterruptedException {
    Path first = summary("out", 2);
    byte[] before = Files.readAllBytes(first);
    Path lost = folder.resolve("out").resolve("cells").resolve(grid().get(1).digest());
    Files.delete(lost);
    List<Integer> ran = new ArrayList<>();
    Sweep again = new Sweep(folder.resolve("out"), grid());
    again.run(2, (_, _) -> true, (done, _, _) -> ran.add(done));
    assertThat(ran).containsExactly(4);
    assertThat(Files.readAllBytes(again.writeSummary(again.rows()))).isEqualTo(before);
  }

  @Test
  void aStoppedSweepKeepsWhatHadFinished() throws IOException, InterruptedException {
    Path out = folder.resolve("stopped");
    assertThat(new Sweep(out, grid().subList(0, 2)).run(1, (_, _) -> true, (_, _, _) -> {}))
        .isTrue();
    Sweep all = new Sweep(out, grid());
    assertThat(all.run(1, (_, _) -> false, (_, _, _) -> {})).isFalse();
    assertThat(all.rows()).extracting(Sweep.Row::cell).isEqualTo(grid().subList(0, 2));
  }

  @Test
  void speedupIsOverAutoregressiveOfTheSameSeed() throws IOException, InterruptedException {
    summary("speedups", 2);
    List<Sweep.Row> rows = new Sweep(folder.resolve("speedups"), grid()).rows();
    assertThat(rows.get(0).values()).containsEntry("mean_e2e_speedup", 1.0);
    assertThat(rows.get(3).values().get("mean_e2e_speedup"))
        .isEqualTo(
            rows.get(2).values().get(CellMetric.MEAN_E2E)
                / rows.get(3).values().get(CellMetric.MEAN_E2E))
        .isNotEqualTo(1.0)
        .isPositive();
  }

  @Test
  void unknownDeploymentIsRefusedBeforeAnythingRuns() throws IOException {
    Cell unknown =
        new Cell(
            "nowhere",
            "",
            "digest",
            1,
            10,
            "adaspec",
            0,
            Slo.UNCONSTRAINED,
            0,
            TooLong.REFUSE,
            "test");
    Sweep sweep = new Sweep(folder, List.of(unknown));
    assertThatThrownBy(sweep::check).hasMessageContaining("nowhere");
  }

  @Test
  void everyFieldIsPartOfTheDigest() {
    assertThat(grid()).extracting(Cell::digest).doesNotHaveDuplicates();
    assertThat(cell("adaspec", 0).digest()).isEqualTo(cell("adaspec", 0).digest());
  }

  @Test
  void aDamagedCellNamesItsFileAndLine() throws IOException, InterruptedException {
    summary("damaged", 2);
    Cell cell = grid().getFirst();
    Path file = folder.resolve("damaged").resolve("cells").resolve(cell.digest());
    Files.writeString(file, cell + "\nmean_e2el=abc\n");
    assertThatThrownBy(() -> new Sweep(folder.resolve("damaged"), grid()).rows())
        .hasMessageContaining(file + ":2")
        .hasMessageContaining("abc");
  }
}
