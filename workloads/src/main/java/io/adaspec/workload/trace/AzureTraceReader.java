package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Azure LLM inference traces of 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`. Time
/// stamps are dates with a fraction of up to nine digits and, in 2024, a time zone.
final class AzureTraceReader implements TraceReader {
  static final List<String> COLUMNS = List.of("TIMESTAMP", "ContextTokens", "GeneratedTokens");

  @Override
  public Trace read(InputSource source) throws IOException {
    Trace dated = CsvTrace.read(source, TraceFormat.AZURE.id(), COLUMNS, AzureTraceReader::request);
    long earliest =
        dated.requests().stream().mapToLong(TracedRequest::arrivalNanos).min().orElseThrow();
    return new Trace(
        dated.name(),
        dated.format(),
        dated.sha256(),
        dated.requests().stream()
            .map(request -> request.withArrival(request.arrivalNanos() - earliest))
            .toList(),
        dated.losses());
  }

  private static TracedRequest request(CsvRow row) {
    return new TracedRequest(
        row.epochNanos("TIMESTAMP"),
        Optional.of(row.lengths("ContextTokens", "GeneratedTokens")),
        Optional.empty(),
        Optional.empty());
  }
}
