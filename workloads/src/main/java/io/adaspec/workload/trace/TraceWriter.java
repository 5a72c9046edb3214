package io.adaspec.workload.trace;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/// Writes this project's own CSV, which [TraceFormat#ADASPEC] reads back to the same requests.
public final class TraceWriter {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setCommentMarker('#').get();

  private TraceWriter() {}

  /// Writes `requests` with line feeds, after one comment line per element of `comments`. The
  /// category column is written if any request has a category.
  ///
  /// @throws IllegalArgumentException if a request has prompt blocks, which the format cannot hold
  public static void write(List<TracedRequest> requests, List<String> comments, Appendable out)
      throws IOException {
    boolean categories = requests.stream().anyMatch(request -> request.category().isPresent());
    for (String comment : comments) {
      out.append("# ").append(comment).append('\n');
    }
    List<String> header = new ArrayList<>(AdaSpecTraceReader.COLUMNS);
    if (categories) {
      header.add(AdaSpecTraceReader.CATEGORY);
    }
    FORMAT.printRecord(out, header.toArray());
    for (TracedRequest request : requests) {
      FORMAT.printRecord(out, fields(request, categories).toArray());
    }
  }

  private static List<Object> fields(TracedRequest request, boolean categories) {
    if (request.blocks().isPresent()) {
      throw new IllegalArgumentException("prompt blocks cannot be written as CSV: " + request);
    }
    List<Object> fields = new ArrayList<>();
    fields.add(BigDecimal.valueOf(request.arrivalNanos(), 9).toPlainString());
    fields.add(request.lengths().map(TokenLengths::prompt).orElse(null));
    fields.add(request.lengths().map(TokenLengths::output).orElse(null));
    if (categories) {
      fields.add(request.category().orElse(null));
    }
    return fields;
  }
}
