package io.adaspec.workload;

import io.adaspec.workload.trace.TraceLosses;
import java.util.List;
import java.util.Objects;

/// Requests ready to be sent, and how they came about.
///
/// @param requests in order of arrival, ids counting from 0, at least one
/// @param totals tokens requested by the trace and achieved by the requests
/// @param provenance what the requests were made from
public record Workload(List<WorkloadRequest> requests, TokenTotals totals, Provenance provenance) {
  /// Everything that, with the tokenizer, determines a workload.
  ///
  /// @param trace name of the trace
  /// @param traceFormat its format or generator
  /// @param traceSha256 digest of its source
  /// @param losses what was left out of it
  /// @param promptSet name of the prompt set
  /// @param promptSetSha256 digest of its source
  /// @param seed seed of the prompts and of the lengths that the trace does not give
  public record Provenance(
      String trace,
      String traceFormat,
      String traceSha256,
      TraceLosses losses,
      String promptSet,
      String promptSetSha256,
      long seed) {}

  public Workload {
    requests = List.copyOf(requests);
    Objects.requireNonNull(totals, "totals");
    Objects.requireNonNull(provenance, "provenance");
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("a workload has at least one request");
    }
    long arrival = 0;
    for (int i = 0; i < requests.size(); i++) {
      WorkloadRequest request = requests.get(i);
      if (request.id() != i || request.arrivalNanos() < arrival) {
        throw new IllegalArgumentException(
            "request %d has id %d and arrives at %d ns, after one that arrives at %d ns"
                .formatted(i, request.id(), request.arrivalNanos(), arrival));
      }
      arrival = request.arrivalNanos();
    }
  }
}
