package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.IOException;

/// Reads one trace format. To add a format, write a reader and add a constant to [TraceFormat].
@FunctionalInterface
public interface TraceReader {
  /// Reads the whole source. Arrivals count from the file's zero: for time stamps with a date the
  /// earliest request, otherwise the zero that the file's numbers count from.
  ///
  /// @throws InputFormatException if the content does not follow the format or has no requests
  /// @throws IOException if the source cannot be read
  Trace read(InputSource source) throws IOException;
}
