package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.util.List;

/// Arrivals only: one column `Timestamp`, in seconds.
final class ArrivalTraceReader implements TraceReader {
  static final List<String> COLUMNS = List.of("Timestamp");

  @Override
  public Trace read(InputSource source) throws IOException {
    return CsvTrace.read(
        source,
        TraceFormat.ARRIVALS.id(),
        COLUMNS,
        row -> TracedRequest.arrival(row.seconds("Timestamp")));
  }
}
