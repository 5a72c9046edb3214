package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// This project's own CSV: `arrival_s,prompt_tokens,output_tokens[,category]`.
///
/// `arrival_s` is in seconds with up to nine decimals. Both lengths may be blank, then the trace
/// gives the arrival only; one alone may not. `category` names the kind of prompt and may be blank.
/// Lines that begin with `#` are comments.
final class AdaSpecTraceReader implements TraceReader {
  static final String ARRIVAL = "arrival_s";
  static final String PROMPT = "prompt_tokens";
  static final String OUTPUT = "output_tokens";
  static final String CATEGORY = "category";
  static final List<String> COLUMNS = List.of(ARRIVAL, PROMPT, OUTPUT);

  @Override
  public Trace read(InputSource source) throws IOException {
    return CsvTrace.read(source, TraceFormat.ADASPEC.id(), COLUMNS, AdaSpecTraceReader::request);
  }

  private static TracedRequest request(CsvRow row) {
    boolean arrivalOnly = row.optional(PROMPT).isEmpty() && row.optional(OUTPUT).isEmpty();
    return new TracedRequest(
        row.seconds(ARRIVAL),
        arrivalOnly ? Optional.empty() : Optional.of(row.lengths(PROMPT, OUTPUT)),
        Optional.empty(),
        row.optional(CATEGORY));
  }
}
