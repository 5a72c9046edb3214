package io.adaspec.harness.report;

import static io.adaspec.harness.report.Requests.request;
import static io.adaspec.harness.report.Requests.served;
import static io.adaspec.harness.report.Requests.slo;
import static io.adaspec.harness.report.Requests.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.StepRecord;
import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.RunInfo.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final RequestStats STATS =
      new RequestStats(
          true,
          6,
          8,
          6,
          3,
          2,
          2,
          0,
          new int[] {2, 2, 1},
          new int[] {2, 1, 0},
          new Calibration(
              new int[] {0, 0, 0, 2, 0, 0, 0, 0, 0, 3},
              new int[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 2},
              new double[] {0, 0, 0, 0.7, 0, 0, 0, 0, 0, 2.8},
              1.25));

  private static RunReport report(
      RunInfo info, List<RequestRecord> requests, List<StepRecord> steps) {
    Summary summary = Summary.of(requests, steps);
    return new RunReport(info, summary, Validity.of(info, summary, Validity.Limits.DEFAULT));
  }

  /// 20 requests, one each 100 ms, of which the last fails; the others bring 1 + 3 + 2 tokens.
  private static RunReport mixed() {
    Slo slo = slo(60, 20, 0);
    List<RequestRecord> requests = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      int at = 100 * i;
      RequestRecord row =
          request(
              i, at, slo, Outcome.LENGTH, STATS, at + 50 + i, 1, at + 100 + i, 3, at + 140 + i, 2);
      requests.add(Requests.in(i % 3 == 0 ? "code" : "chat", i % 2 == 0 ? "fast" : "slow", row));
    }
    RequestRecord failed = request(19, 1900, slo, Outcome.FAILED, RequestStats.NONE);
    requests.add(Requests.in("chat", "slow", failed));
    RunInfo info = Infos.planned("adaspec", 20, 200, 115).ended(Status.COMPLETE, "", 0);
    return report(
        info,
        requests,
        List.of(
            step(4, 20, 2, 4, 9, 6),
            step(2, 60, 3, 1, 5, 10),
            Requests.speculativeStep(19, 0, 152, 114, 57, 10, 10, 20, 0, "")));
  }

  private static RunReport plain(String policy, long seed, RunInfo.Provenance source, int scale) {
    List<RequestRecord> requests = new ArrayList<>();
    for (int i = 0; i < 459; i++) {
      requests.add(
          served(i, 10L * i, Slo.UNCONSTRAINED, 10 * i + 2 * scale, 1, 10 * i + 8 * scale, 3));
    }
    RunInfo info =
        Infos.info(policy, seed, source, 459, 4590, 4 * 459).ended(Status.COMPLETE, "", 0);
    return report(info, requests, List.of());
  }

  private static RunReport plain(String policy, int scale) {
    return plain(policy, 7, RunInfo.Provenance.RECORDED, scale);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = ReportTextTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void resultBlock_ofAFailingRun() throws IOException {
    assertThat(ResultBlock.of(mixed(), ResultBlock.Options.DEFAULT))
        .isEqualTo(golden("result-invalid.txt"));
    assertThat(golden("result-invalid.txt").lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void resultBlock_withoutSpeculationEngineAndObjectives_leavesTheirSectionsOut()
      throws IOException {
    ResultBlock.Options options =
        new ResultBlock.Options(List.of("ttft", "e2el"), List.of(50.0, 99.0, 99.9));
    assertThat(ResultBlock.of(plain("fixed:3", 10), options)).isEqualTo(golden("result-valid.txt"));
  }

  @Test
  void unknownMetricsAndPercentiles_areRefused() {
    assertThatThrownBy(() -> new ResultBlock.Options(List.of("tttf"), List.of()))
        .hasMessageStartingWith("unknown latency metric: tttf; there are [ttft, tpot, itl, e2el");
    assertThatThrownBy(() -> new ResultBlock.Options(List.of(), List.of(101.0)))
        .hasMessage("percentile must be in 0..100: 101.0");
  }

  @Test
  void comparison_isAgainstTheAutoregressiveRun() throws IOException {
    String table =
        ComparisonTable.of(
            List.of(
                plain("fixed:3", 8),
                plain("autoregressive", 10),
                plain("static-tree:1,1,3,1,1,1,1,1", 5),
                mixedOn("adaspec")));
    assertThat(table).isEqualTo(golden("comparison.txt"));
    assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
  }

  @Test
  void comparison_ofEveryPolicyThatNeedsNoParameters_fits100Columns() {
    List<RunReport> reports =
        Policies.providers().stream()
            .filter(provider -> !provider.simulationOnly())
            .map(SpeculationPolicyProvider::name)
            .map(policy -> plain(policy, 10))
            .toList();
    assertThat(ComparisonTable.of(reports).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void comparison_withTheOracle_hasRegret() {
    String table = ComparisonTable.of(List.of(plain("fixed:3", 10), plain("oracle", 5)));
    assertThat(table).contains("regret", " 50.00\n", " 0.00\n", "share of the oracle's speedup");
    assertThat(ComparisonTable.of(List.of(plain("fixed:3", 10)))).doesNotContain("regret");
  }

  private static RunReport mixedOn(String policy) {
    RunReport mixed = mixed();
    RunInfo info = Infos.planned(policy, 20, 200, 115).ended(Status.COMPLETE, "", 0);
    return new RunReport(info, mixed.summary(), mixed.validity());
  }

  @Test
  void comparison_fallsBackToTheFirstRun() {
    assertThat(ComparisonTable.of(List.of(plain("fixed:3", 8), plain("fixed:5", 10))))
        .contains("speedup: E2EL of fixed:3 / E2EL of the policy");
  }

  @Test
  void comparison_refusesWhatDoesNotCompare() {
    RunReport base = plain("fixed:3", 7, RunInfo.Provenance.RECORDED, 10);
    assertThatThrownBy(
            () ->
                ComparisonTable.of(
                    List.of(base, plain("fixed:5", 8, RunInfo.Provenance.RECORDED, 10))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("runs do not compare: fixed:3 has seed 7, fixed:5 has 8");
    assertThatThrownBy(
            () ->
                ComparisonTable.of(List.of(base, plain("fixed:5", 7, RunInfo.Provenance.REAL, 10))))
        .hasMessageContaining("provenance of acceptance");
    assertThatThrownBy(() -> ComparisonTable.of(List.of())).hasMessage("nothing to compare");
  }
}
