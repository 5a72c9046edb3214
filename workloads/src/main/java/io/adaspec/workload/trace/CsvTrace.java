package io.adaspec.workload.trace;

import io.adaspec.workload.input.DigestedText;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/// What all CSV traces share: a header row, rows read one at a time, `#` comments, faults located.
/// Columns beyond the required ones are ignored.
final class CsvTrace {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setAllowMissingColumnNames(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .setIgnoreSurroundingSpaces(true)
          .setCommentMarker('#')
          .get();

  private CsvTrace() {}

  static Trace read(
      InputSource source,
      String format,
      List<String> required,
      Function<CsvRow, TracedRequest> toRequest)
      throws IOException {
    return DigestedText.parse(
        source,
        text -> {
          List<TracedRequest> requests = requests(source.name(), text, required, toRequest);
          if (requests.isEmpty()) {
            throw InputFormatException.ofSource(source.name(), "has a header but no requests");
          }
          return new Trace(source.name(), format, text.sha256Hex(), requests, TraceLosses.NONE);
        });
  }

  private static List<TracedRequest> requests(
      String source,
      DigestedText text,
      List<String> required,
      Function<CsvRow, TracedRequest> toRequest)
      throws IOException {
    CSVParser parser = open(source, text);
    requireColumns(source, parser, required);
    List<TracedRequest> requests = new ArrayList<>();
    Iterator<CSVRecord> records = parser.iterator();
    for (CSVRecord row = next(source, parser, records);
        row != null;
        row = next(source, parser, records)) {
      long line = parser.getCurrentLineNumber();
      if (!row.isConsistent()) {
        throw InputFormatException.atLine(
            source,
            line,
            "has %d fields, the header has %d"
                .formatted(row.size(), parser.getHeaderNames().size()),
            null);
      }
      requests.add(toRequest.apply(new CsvRow(source, line, row)));
    }
    return requests;
  }

  private static CSVParser open(String source, DigestedText text) throws IOException {
    try {
      return CSVParser.builder().setReader(text.reader()).setFormat(FORMAT).get();
    } catch (IllegalArgumentException | CSVException e) {
      throw InputFormatException.atLine(source, 1, "has a bad header: " + e.getMessage(), e);
    }
  }

  private static void requireColumns(String source, CSVParser parser, List<String> required) {
    List<String> header = parser.getHeaderNames();
    if (header.isEmpty()) {
      throw InputFormatException.ofSource(source, "is empty");
    }
    for (String column : required) {
      if (!header.contains(column)) {
        throw InputFormatException.atLine(
            source,
            parser.getCurrentLineNumber(),
            "has no column %s, only %s".formatted(column, header),
            null);
      }
    }
  }

  private static CSVRecord next(String source, CSVParser parser, Iterator<CSVRecord> records) {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException) {
        throw InputFormatException.atLine(
            source,
            parser.getCurrentLineNumber(),
            "is not CSV: " + e.getCause().getMessage(),
            e.getCause());
      }
      throw e;
    }
  }
}
