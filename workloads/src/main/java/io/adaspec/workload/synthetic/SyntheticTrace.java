package io.adaspec.workload.synthetic;

import io.adaspec.workload.input.Sha256;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TraceLosses;
import io.adaspec.workload.trace.TraceWriter;
import io.adaspec.workload.trace.TracedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.commons.rng.UniformRandomProvider;

/// A generated trace. Arrivals, prompt lengths and output lengths have random streams of their own:
/// another arrival process leaves the lengths of the i-th request as they are, so that two runs
/// differ in nothing else.
public record SyntheticTrace(
    ArrivalProcess arrivals,
    LengthDistribution promptTokens,
    LengthDistribution outputTokens,
    long seed) {
  private static final long ARRIVAL_STREAM = 0;
  private static final long PROMPT_STREAM = 1;
  private static final long OUTPUT_STREAM = 2;

  public SyntheticTrace {
    Objects.requireNonNull(arrivals, "arrivals");
    Objects.requireNonNull(promptTokens, "promptTokens");
    Objects.requireNonNull(outputTokens, "outputTokens");
  }

  /// The first `count` requests; fewer if the process ends before.
  public Trace first(int count) {
    return at(arrivals.first(count, random(ARRIVAL_STREAM)));
  }

  /// All requests that arrive before `end`. Possibly none.
  public Trace until(Duration end) {
    return at(arrivals.until(end, random(ARRIVAL_STREAM)));
  }

  private Trace at(long[] nanos) {
    UniformRandomProvider prompts = random(PROMPT_STREAM);
    UniformRandomProvider outputs = random(OUTPUT_STREAM);
    List<TracedRequest> requests =
        Arrays.stream(nanos)
            .mapToObj(
                arrival ->
                    TracedRequest.of(
                        arrival, promptTokens.sample(prompts), outputTokens.sample(outputs)))
            .toList();
    return new Trace(toString(), "synthetic", digest(requests), requests, TraceLosses.NONE);
  }

  private UniformRandomProvider random(long stream) {
    return RandomStreams.of(seed, stream);
  }

  /// Digest of what [TraceWriter] would write without comments.
  private static String digest(List<TracedRequest> requests) {
    StringBuilder csv = new StringBuilder();
    try {
      TraceWriter.write(requests, List.of(), csv);
    } catch (IOException e) {
      throw new UncheckedIOException("a StringBuilder does not fail", e);
    }
    return Sha256.hex(csv.toString().getBytes(StandardCharsets.UTF_8));
  }
}
