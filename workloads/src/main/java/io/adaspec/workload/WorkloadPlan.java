package io.adaspec.workload;

import io.adaspec.workload.WorkloadBuilder.MissingLengths;
import io.adaspec.workload.prompt.PromptFitter;
import io.adaspec.workload.random.RandomStreams;
import io.adaspec.workload.trace.TokenLengths;
import io.adaspec.workload.trace.Trace;
import io.adaspec.workload.trace.TracedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.rng.UniformRandomProvider;

/// The requests of a shaped trace without their texts: arrivals, lengths and categories. What a
/// [WorkloadBuilder] gives texts to, and all that a simulation needs.
///
/// @param trace what was planned
/// @param requests in order of arrival, ids counting from 0, at least one
/// @param seed of the lengths and categories that the trace does not give
public record WorkloadPlan(Trace trace, List<PlannedRequest> requests, long seed) {
  private static final long LENGTHS = 0x6c656e67746873L;

  public WorkloadPlan {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("a workload has at least one request");
    }
    long arrival = 0;
    for (int i = 0; i < requests.size(); i++) {
      PlannedRequest request = requests.get(i);
      if (request.id() != i || request.arrivalNanos() < arrival) {
        throw new IllegalArgumentException(
            "request %d has id %d and arrives at %d ns, after one that arrives at %d ns"
                .formatted(i, request.id(), request.arrivalNanos(), arrival));
      }
      arrival = request.arrivalNanos();
    }
  }

  /// Plans the requests of `trace`, which must be sorted and have lengths of at least 1, as
  /// [io.adaspec.workload.trace.TraceOptions#apply] leaves it.
  ///
  /// @param categories of prompts there are; a request that names none gets one of them, each with
  ///   equal probability: the same as [WorkloadBuilder] gives it where the categories are the same
  /// @throws IllegalArgumentException if the trace is empty or not sorted, has a length of 0, or
  ///   lacks lengths and none were given
  public static WorkloadPlan of(
      Trace trace, long seed, Optional<MissingLengths> missing, List<String> categories) {
    List<PlannedRequest> requests = new ArrayList<>(trace.requests().size());
    for (TracedRequest traced : trace.requests()) {
      int id = requests.size();
      requests.add(
          new PlannedRequest(
              id,
              traced.arrivalNanos(),
              traced.lengths().orElseGet(() -> drawnLengths(trace, seed, missing, id)),
              traced.category().orElseGet(() -> PromptFitter.categoryOf(seed, id, categories)),
              traced.blocks()));
    }
    return new WorkloadPlan(trace, requests, seed);
  }

  private static TokenLengths drawnLengths(
      Trace trace, long seed, Optional<MissingLengths> missing, int id) {
    MissingLengths source =
        missing.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "trace %s has no lengths for request %d and none were given"
                        .formatted(trace.name(), id)));
    UniformRandomProvider random = RandomStreams.of(seed, LENGTHS, id);
    return new TokenLengths(source.prompt().sample(random), source.output().sample(random));
  }

  /// Of all requests.
  public long promptTokens() {
    return requests.stream().mapToLong(request -> request.lengths().prompt()).sum();
  }

  /// Of all requests.
  public long outputTokens() {
    return requests.stream().mapToLong(request -> request.lengths().output()).sum();
  }

  /// Requests whose prompt and output together exceed `context`.
  public List<PlannedRequest> exceeding(int context) {
    return requests.stream().filter(request -> request.tokens() > context).toList();
  }

  /// The same requests cut to a context of at least 2: prompts first, and where one token of prompt
  /// is left, outputs.
  public WorkloadPlan cutTo(int context) {
    List<PlannedRequest> cut =
        requests.stream()
            .map(request -> request.tokens() > context ? cut(request, context) : request)
            .toList();
    return new WorkloadPlan(trace, cut, seed);
  }

  private static PlannedRequest cut(PlannedRequest request, int context) {
    int output = Math.min(request.lengths().output(), context - 1);
    return request.withLengths(new TokenLengths(context - output, output));
  }
}
