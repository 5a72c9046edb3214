package io.adaspec.harness.run;

import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.harness.record.SloMix;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/// Everything that determines a run beside its policy and its workload, every default resolved.
public record RunConfig(
    EngineConfig engine,
    Generation generation,
    Load load,
    SloMix objectives,
    long seed,
    Map<String, String> metadata) {

  public RunConfig {
    metadata = Map.copyOf(metadata);
  }

  /// How tokens are chosen and where a reply ends.
  ///
  /// @param temperature 0 is greedy
  /// @param ignoreEos replies have exactly the length that the workload asks for
  public record Generation(
      double temperature, int topK, double topP, DraftSampling drafts, boolean ignoreEos) {
    public Generation {
      new SamplingParams(temperature, topK, topP, 0);
    }

    /// The parameters of one request.
    public SamplingParams sampling(long seed) {
      return new SamplingParams(temperature, topK, topP, seed);
    }
  }

  /// How requests are sent.
  ///
  /// @param maxConcurrency most requests in flight, empty for an open loop
  /// @param drainTimeout how long after the last arrival the run waits for replies
  /// @param warmups requests served before the run and not recorded
  public record Load(OptionalInt maxConcurrency, Duration drainTimeout, int warmups) {
    public Load {
      if (maxConcurrency.isPresent() && maxConcurrency.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "max concurrency must be >= 1: " + maxConcurrency.getAsInt());
      }
      if (drainTimeout.isNegative()) {
        throw new IllegalArgumentException("drain timeout must be >= 0: " + drainTimeout);
      }
      if (warmups < 0) {
        throw new IllegalArgumentException("warm-up requests must be >= 0: " + warmups);
      }
    }

    int slots() {
      return maxConcurrency.orElse(Integer.MAX_VALUE);
    }
  }
}
