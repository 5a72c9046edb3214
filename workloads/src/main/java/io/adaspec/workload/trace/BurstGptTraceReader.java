package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// BurstGPT: `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type`, with time
/// stamps in seconds. A request that failed has no response tokens; [TraceOptions] decides about
/// it. Model and log type are ignored.
final class BurstGptTraceReader implements TraceReader {
  static final List<String> COLUMNS = List.of("Timestamp", "Request tokens", "Response tokens");

  @Override
  public Trace read(InputSource source) throws IOException {
    return CsvTrace.read(source, TraceFormat.BURST_GPT.id(), COLUMNS, BurstGptTraceReader::request);
  }

  private static TracedRequest request(CsvRow row) {
    return new TracedRequest(
        row.seconds("Timestamp"),
        Optional.of(row.lengths("Request tokens", "Response tokens")),
        Optional.empty(),
        Optional.empty());
  }
}
