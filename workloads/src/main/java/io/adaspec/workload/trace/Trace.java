package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Requests with their arrivals, and where they came from.
///
/// As read, arrivals count from the file's own zero and keep the file's order; [TraceOptions] turns
/// that into what a run replays.
///
/// @param name name of the source, for reports
/// @param format name of the format, or of the generator
/// @param sha256 digest of the source's bytes, lower-case hexadecimal
/// @param requests the requests; may be empty
/// @param losses what has been left out since reading
public record Trace(
    String name, String format, String sha256, List<TracedRequest> requests, TraceLosses losses) {
  public Trace {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(losses, "losses");
    requests = List.copyOf(requests);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256 in hexadecimal: " + sha256);
    }
  }

  /// Reads a file, its format detected from its content.
  ///
  /// @throws InputFormatException if the content is not a trace
  /// @throws IOException if the file cannot be read
  public static Trace read(Path path) throws IOException {
    return read(InputSource.file(path));
  }

  /// Reads a source, its format detected from its content.
  ///
  /// @throws InputFormatException if the content is not a trace
  /// @throws IOException if the source cannot be read
  public static Trace read(InputSource source) throws IOException {
    return TraceFormat.detect(source).reader().read(source);
  }

  /// Whether every request has token lengths.
  public boolean hasLengths() {
    return requests.stream().allMatch(request -> request.lengths().isPresent());
  }

  /// Sum of the known prompt lengths, in tokens.
  public long promptTokens() {
    return requests.stream()
        .flatMap(request -> request.lengths().stream())
        .mapToLong(TokenLengths::prompt)
        .sum();
  }

  /// Sum of the known output lengths, in tokens.
  public long outputTokens() {
    return requests.stream()
        .flatMap(request -> request.lengths().stream())
        .mapToLong(TokenLengths::output)
        .sum();
  }
}
