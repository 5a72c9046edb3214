package io.adaspec.harness.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunLabelsTest {
  private static List<String> labels(List<String> policies, String... paths) {
    List<RunInfo> infos = policies.stream().map(RunLabelsTest::info).toList();
    return RunLabels.of(
        Arrays.stream(paths).map(path -> new RunDirectory(Path.of(path))).toList(), infos);
  }

  private static RunInfo info(String policy) {
    return RunInfo.started(
        "2026-01-01T00:00:00Z",
        "target",
        policy,
        0,
        RunInfo.Provenance.REAL,
        new Slo(Slo.NONE, Slo.NONE, Slo.NONE),
        new RunInfo.Workload("trace.csv", "", 1, 1, 1),
        Map.of(),
        Map.of(),
        "",
        "cpu",
        new RunInfo.Host("cpu", 1, "os"));
  }

  @Test
  void policies_sufficeWhereTheyDiffer() {
    assertThat(labels(List.of("adaspec", "fixed:3"), "a/adaspec", "a/fixed-3"))
        .containsExactly("adaspec", "fixed:3");
  }

  @Test
  void foldersTellRunsOfOnePolicyApart_andThoseNamedAfterItGiveTheirParents() {
    assertThat(labels(List.of("fixed:3", "fixed:3", "fixed:3"), "old/fixed-3", "new/fixed-3", "x"))
        .containsExactly("fixed:3, old", "fixed:3, new", "fixed:3, x");
  }
}
