package io.adaspec.harness.page;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Outcome;

/// Hand-written facts.
final class FactsOf {
  private FactsOf() {}

  /// A request that was served; latencies in milliseconds, TPOT NaN for a single token.
  static RequestFacts served(long id, double ttft, double tpot) {
    return new RequestFacts(
        id,
        id * 1_000_000,
        id * 1_000_000,
        id * 1_000_000 + Math.round(ttft * 1e6),
        id * 1_000_000 + Math.round(2 * ttft * 1e6),
        ttft,
        tpot,
        2 * ttft,
        Slo.UNCONSTRAINED,
        true,
        0,
        Outcome.LENGTH);
  }

  static RequestFacts failed(long id) {
    return new RequestFacts(
        id,
        id * 1_000_000,
        id * 1_000_000,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Slo.UNCONSTRAINED,
        false,
        0,
        Outcome.FAILED);
  }
}
