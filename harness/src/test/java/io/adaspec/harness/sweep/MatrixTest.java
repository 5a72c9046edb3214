package io.adaspec.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.report.Scalar;
import io.adaspec.harness.sim.gpu.Deployments;
import io.adaspec.workload.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixTest {
  private static final String PLAN =
      """
      window_seconds: 20
      seeds: [0]
      noise: 0.02
      too_long: cut
      loads: [0.2, 0.95]
      objectives: {ttft: 10, tpot: 3}
      policies: [autoregressive, "fixed:3"]
      deployments: [a100-llama2-7b]
      services:
        chat:
          trace: public.csv
          requests: 400
          gap_cv: 1.5
          prompt: {mean: 600, median: 500, max: 4000}
          output: {mean: 60, median: 40, max: 1000}
      """;

  @TempDir private Path folder;

  private Path plan(String text) throws IOException {
    return Files.writeString(folder.resolve("plan.yaml"), text);
  }

  private Matrix matrix(Optional<Path> tracesFrom) throws IOException {
    return Matrix.of(MatrixPlan.read(plan(PLAN)), tracesFrom, folder, "test");
  }

  @Test
  void everyCombinationIsACell_policiesInnermost() throws IOException {
    assertThat(matrix(Optional.empty()).points())
        .extracting(point -> point.load() + " " + point.cell().policy())
        .containsExactly(
            "0.2 autoregressive", "0.2 fixed:3", "0.95 autoregressive", "0.95 fixed:3");
  }

  @Test
  void standInHasTheMeansThatThePlanSays() throws IOException {
    Trace trace =
        MatrixPlan.read(plan(PLAN.replace("400", "40000"))).services().get("chat").standIn(1);
    double count = trace.requests().size();
    assertThat(trace.promptTokens() / count).isCloseTo(600, within(12.0));
    assertThat(trace.outputTokens() / count).isCloseTo(60, within(2.0));
    assertThat(count / (trace.requests().getLast().arrivalNanos() / 1e9))
        .isCloseTo(1, within(0.03));
  }

  @Test
  void loadsAreSharesOfWhatTheDeploymentSustains() throws IOException, InterruptedException {
    Matrix matrix = matrix(Optional.empty());
    Sweep sweep = new Sweep(folder.resolve("out"), matrix.cells());
    assertThat(sweep.run(2, (_, _) -> true, (_, _, _) -> {})).isTrue();
    List<Sweep.Row> rows = sweep.rows();
    assertThat(matrix.points().get(2).requestsPerSecond())
        .isCloseTo(matrix.points().get(0).requestsPerSecond() * 0.95 / 0.2, within(1e-9));
    // At a fifth of capacity nothing queues; near it, tokens come several times as slowly.
    assertThat(rows.get(0).values().get(Scalar.ATTAINMENT.key())).isGreaterThan(95);
    assertThat(rows.get(2).values().get(CellMetric.MEAN_E2E))
        .isGreaterThan(2 * rows.get(0).values().get(CellMetric.MEAN_E2E));
    MatrixFiles.write(matrix, rows, "test", folder);
    assertThat(folder.resolve("summary.csv")).content().hasLineCount(5).contains(",\"fixed:3\",");
  }

  @Test
  void capacityIsReachedBySimulatedOverload() throws IOException, InterruptedException {
    MatrixPlan plan =
        MatrixPlan.read(plan(PLAN.replace("0.2, 0.95", "2.0").replace("400", "4000")));
    Matrix matrix = Matrix.of(plan, Optional.empty(), folder, "test");
    Sweep sweep = new Sweep(folder.resolve("out"), List.of(matrix.cells().getFirst()));
    sweep.run(1, (_, _) -> true, (_, _, _) -> {});
    double served = sweep.rows().getFirst().values().get(Scalar.REQUEST_THROUGHPUT.key());
    double capacity = matrix.points().getFirst().requestsPerSecond() / 2;
    assertThat(served / capacity).isBetween(0.6, 1.3);
  }

  @Test
  void publicTraceIsTakenWhereItIs() throws IOException {
    Path standIn = Path.of(matrix(Optional.empty()).cells().getFirst().trace());
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.copy(standIn, shared.resolve("public.csv"));
    assertThat(matrix(Optional.of(shared)).cells().getFirst().trace())
        .isEqualTo(shared.resolve("public.csv").toString());
    assertThat(standIn).isEqualTo(folder.resolve("traces").resolve("chat.csv"));
  }

  @Test
  void largerDeploymentHasMoreCapacityAndAnotherObjective() {
    Capacity small = Capacity.of(Deployments.named("a100-llama2-7b"), 1000, 200);
    Capacity large = Capacity.of(Deployments.named("2xa100-llama2-7b"), 1000, 200);
    assertThat(large.requestsPerSecond()).isGreaterThan(1.3 * small.requestsPerSecond());
    Slo slo = small.slo(new MatrixPlan.Objectives(10, 3));
    assertThat(slo.ttftNanos()).isEqualTo(Math.round(10 * small.prefillNanos()));
    assertThat(slo.tpotNanos()).isEqualTo(Math.round(3 * small.decodeNanos()));
    assertThat(slo.e2eNanos()).isEqualTo(Slo.NONE);
  }

  @Test
  void badPlanNamesFileAndWhatIsWrong() throws IOException {
    Path unknown = plan(PLAN + "loadz: 1\n");
    assertThatThrownBy(() -> MatrixPlan.read(unknown))
        .hasMessageContaining(unknown.toString())
        .hasMessageContaining("line 16")
        .hasMessageContaining("loadz");
    Path negative = plan(PLAN.replace("window_seconds: 20", "window_seconds: -20"));
    assertThatThrownBy(() -> MatrixPlan.read(negative))
        .hasMessageContaining("window_seconds must be finite and > 0: -20.0");
    Path missing = plan(PLAN.replace("noise: 0.02\n", ""));
    assertThatThrownBy(() -> MatrixPlan.read(missing)).hasMessageContaining("noise");
    Path shortTrace = plan(PLAN.replace("requests: 400", "requests: 10"));
    assertThatThrownBy(
            () -> Matrix.of(MatrixPlan.read(shortTrace), Optional.empty(), folder, "test"))
        .hasMessageContaining("10 requests are too few");
    Path unheard = plan(PLAN.replace("too_long: cut", "too_long: ignore"));
    assertThatThrownBy(() -> MatrixPlan.read(unheard))
        .hasMessageContaining("line 4")
        .hasMessageContaining("ignore");
  }

  @Test
  void tablesCompareWithTheBestRivalOfEachSetting() throws IOException {
    Path file =
        plan(
            PLAN.replace(
                "[autoregressive, \"fixed:3\"]",
                "[autoregressive, \"fixed:1\", \"fixed:3\", adaspec]"));
    Matrix matrix = Matrix.of(MatrixPlan.read(file), Optional.empty(), folder, "test");
    List<Double> latencies = List.of(400.0, 200.0, 300.0, 100.0, 400.0, 500.0, 300.0, 600.0);
    List<Sweep.Row> rows = new ArrayList<>();
    for (int i = 0; i < latencies.size(); i++) {
      rows.add(
          new Sweep.Row(
              matrix.cells().get(i),
              Map.of(
                  CellMetric.MEAN_E2E,
                  latencies.get(i),
                  "mean_e2e_speedup",
                  400 / latencies.get(i),
                  Scalar.ATTAINMENT.key(),
                  latencies.get(i) < 250 ? 95.0 : 50.0)));
    }
    MatrixResult result = new MatrixResult(matrix, rows);
    assertThat(result.rivals()).containsExactly("fixed:1", "fixed:3");
    assertThat(result.settings())
        .extracting(setting -> result.overBestRival(setting, "adaspec"))
        .containsExactly(2.0, 0.5);
    assertThat(MatrixFiles.markdown(matrix, result, "test"))
        .contains("| `adaspec` | 1 of 2 | 1 of 1 | 72.5 | 1.63 | 0.67 | 4.00 | 1 |")
        .contains("| `adaspec` | 0.2 | 2.00 | 2.00 | 2.00 | 2.00 | 1 of 1 |")
        .contains("| chat | a100-llama2-7b | 0.95 | 400 | 500 | **300** | 600 |");
  }

  @Test
  void regretIsTheShareOfTheOraclesThatIsMissed() throws IOException, InterruptedException {
    Path file =
        plan(
            PLAN.replace("[autoregressive, \"fixed:3\"]", "[autoregressive, \"fixed:3\", oracle]")
                .replace("window_seconds: 20", "window_seconds: 5")
                .replace("0.2, 0.95", "0.5"));
    Matrix matrix = Matrix.of(MatrixPlan.read(file), Optional.empty(), folder, "test");
    Sweep sweep = new Sweep(folder.resolve("out"), matrix.cells());
    sweep.run(2, (_, _) -> true, (_, _, _) -> {});
    List<Sweep.Row> rows = sweep.rows();
    double own = rows.get(1).values().get(CellMetric.MEAN_E2E);
    double oracle = rows.get(2).values().get(CellMetric.MEAN_E2E);
    assertThat(rows.get(1).values().get("mean_e2e_regret"))
        .isEqualTo(100 * (1 - oracle / own))
        .isBetween(5.0, 90.0);
    assertThat(rows.get(2).values()).containsEntry("mean_e2e_regret", 0.0);
    MatrixResult result = new MatrixResult(matrix, rows);
    assertThat(result.competitors()).containsExactly("autoregressive", "fixed:3");
    assertThat(MatrixFiles.markdown(matrix, result, "test"))
        .contains("## Regret against the oracle, %", "| `fixed:3` | 0.5 |")
        .doesNotContain("| `oracle` | 0.5 |");
  }
}
