package io.adaspec.harness.report;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.RunInfo;
import java.util.Map;

/// Run descriptions that differ where the tests need it.
final class Infos {
  private Infos() {}

  static RunInfo planned(String policy, int requests, long promptTokens, long outputTokens) {
    return info(policy, 7, RunInfo.Provenance.RECORDED, requests, promptTokens, outputTokens);
  }

  static RunInfo info(
      String policy,
      long seed,
      RunInfo.Provenance acceptance,
      int requests,
      long promptTokens,
      long outputTokens) {
    return RunInfo.started(
        "2026-01-02T03:04:05Z",
        "simulated",
        policy,
        seed,
        acceptance,
        Slo.UNCONSTRAINED,
        new RunInfo.Workload("poisson", "abc123", requests, promptTokens, outputTokens),
        Map.of(),
        Map.of(),
        "",
        "cpu",
        new RunInfo.Host("a cpu", 2, "Linux"));
  }
}
