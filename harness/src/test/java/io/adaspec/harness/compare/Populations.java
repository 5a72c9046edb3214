package io.adaspec.harness.compare;

import io.adaspec.engine.request.RequestStats;
import io.adaspec.engine.request.Slo;
import io.adaspec.harness.record.Emissions;
import io.adaspec.harness.record.Outcome;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.report.Resampler;
import io.adaspec.workload.random.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.LogNormalSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Runs of a queue that stands for an engine: Poisson arrivals, two servers, first come first
/// served, lognormal prompt and output lengths, lognormal noise on the time per token of every
/// request. Waiting correlates neighbouring requests as it does in a real run. Runs on one workload
/// have the same arrivals and lengths and differ in the noise.
final class Populations {
  private static final double SECOND = 1e9;
  private static final int SERVERS = 2;
  private static final double PROMPT_TOKEN_SECONDS = 0.0001;
  private static final double OUTPUT_TOKEN_SECONDS = 0.006;
  private static final Slo SLO = new Slo(400_000_000, 12_000_000, Slo.NONE);

  private final long[] arrivals;
  private final int[] prompts;
  private final int[] outputs;

  /// @param load share of the servers' time that is asked for
  Populations(int requests, double load, long seed) {
    UniformRandomProvider random = RandomStreams.of(seed);
    SharedStateContinuousSampler prompt = LogNormalSampler.of(normal(random), Math.log(64), 0.7);
    SharedStateContinuousSampler output = LogNormalSampler.of(normal(random), Math.log(32), 0.7);
    arrivals = new long[requests];
    prompts = new int[requests];
    outputs = new int[requests];
    double work = 0;
    for (int i = 0; i < requests; i++) {
      prompts[i] = (int) Math.clamp(prompt.sample(), 16, 256);
      outputs[i] = (int) Math.clamp(output.sample(), 8, 128);
      work += prompts[i] * PROMPT_TOKEN_SECONDS + outputs[i] * OUTPUT_TOKEN_SECONDS;
    }
    SharedStateContinuousSampler gap =
        ZigguratSampler.Exponential.of(random, work / requests / SERVERS / load);
    double now = 0;
    for (int i = 0; i < requests; i++) {
      now += gap.sample();
      arrivals[i] = Math.round(now * SECOND);
    }
  }

  private static ZigguratSampler.NormalizedGaussian normal(UniformRandomProvider random) {
    return ZigguratSampler.NormalizedGaussian.of(random);
  }

  Resampler run(double pace, double noise, long seed) {
    return Resampler.of(records(pace, noise, seed), List.of());
  }

  /// @param pace factor on all service times
  /// @param noise deviation of the logarithm of a request's time per token
  List<RequestRecord> records(double pace, double noise, long seed) {
    UniformRandomProvider random = RandomStreams.of(seed, 1);
    SharedStateContinuousSampler luck =
        LogNormalSampler.of(normal(random), -noise * noise / 2, noise);
    double[] free = new double[SERVERS];
    List<RequestRecord> records = new ArrayList<>();
    for (int i = 0; i < arrivals.length; i++) {
      int server = free[0] <= free[1] ? 0 : 1;
      double start = Math.max(arrivals[i] / SECOND, free[server]);
      double first = start + pace * prompts[i] * PROMPT_TOKEN_SECONDS * luck.sample();
      double token = pace * OUTPUT_TOKEN_SECONDS * luck.sample();
      free[server] = first + token * (outputs[i] - 1);
      records.add(record(i, first, free[server]));
    }
    return records;
  }

  private RequestRecord record(int i, double firstSeconds, double lastSeconds) {
    // Three emissions: enough for every latency, and cheap.
    long first = Math.round(firstSeconds * SECOND);
    long last = Math.round(lastSeconds * SECOND);
    long[] nanos = {first, (first + last) / 2, last};
    int[] tokens = {1, outputs[i] - 2, 1};
    return new RequestRecord(
        i,
        "",
        "",
        arrivals[i],
        arrivals[i],
        prompts[i],
        outputs[i],
        SLO,
        new Emissions(nanos, tokens),
        RequestStats.NONE,
        Outcome.LENGTH,
        "");
  }
}
