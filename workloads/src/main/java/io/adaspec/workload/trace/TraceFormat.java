package io.adaspec.workload.trace;

import io.adaspec.workload.input.DigestedText;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The trace formats that can be read, and how each is recognised by its first line.
public enum TraceFormat {
  /// Azure LLM inference traces of 2023 and 2024.
  AZURE("azure", columns(AzureTraceReader.COLUMNS), new AzureTraceReader()),
  /// BurstGPT.
  BURST_GPT("burstgpt", columns(BurstGptTraceReader.COLUMNS), new BurstGptTraceReader()),
  /// Mooncake traces as published with the FAST '25 paper, of 512-token blocks.
  MOONCAKE("mooncake", line -> line.startsWith("{"), new MooncakeTraceReader()),
  /// This project's own CSV.
  ADASPEC("adaspec", columns(AdaSpecTraceReader.COLUMNS), new AdaSpecTraceReader()),
  /// Arrivals in seconds and nothing else, as in the release of the AdaSpec paper.
  ARRIVALS(
      "arrivals",
      line -> header(line).equals(Set.copyOf(ArrivalTraceReader.COLUMNS)),
      new ArrivalTraceReader());

  private final String id;
  private final Predicate<String> firstLine;
  private final TraceReader reader;

  TraceFormat(String id, Predicate<String> firstLine, TraceReader reader) {
    this.id = id;
    this.firstLine = firstLine;
    this.reader = reader;
  }

  /// Name of the format in options and results.
  public String id() {
    return id;
  }

  public TraceReader reader() {
    return reader;
  }

  /// The format named `id`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static TraceFormat named(String id) {
    return Arrays.stream(values())
        .filter(format -> format.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown trace format \"" + id + "\", known are " + ids()));
  }

  /// Recognises a format by the first line that is neither empty nor a `#` comment.
  ///
  /// @throws InputFormatException if the source is empty or the line fits no format
  /// @throws IOException if the source cannot be read
  public static TraceFormat detect(InputSource source) throws IOException {
    String line = DigestedText.parse(source, text -> firstContentLine(text.reader()));
    if (line == null) {
      throw InputFormatException.ofSource(source.name(), "is empty");
    }
    return Arrays.stream(values())
        .filter(format -> format.firstLine.test(line))
        .findFirst()
        .orElseThrow(
            () ->
                InputFormatException.ofSource(
                    source.name(),
                    "fits none of the trace formats %s; it begins with \"%s\""
                        .formatted(ids(), line.substring(0, Math.min(80, line.length())))));
  }

  private static String firstContentLine(BufferedReader reader) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        return content;
      }
    }
    return null;
  }

  private static Predicate<String> columns(List<String> required) {
    return line -> header(line).containsAll(required);
  }

  private static Set<String> header(String line) {
    return Arrays.stream(line.split(","))
        .map(name -> name.strip().replaceAll("^\"|\"$", ""))
        .collect(Collectors.toSet());
  }

  private static String ids() {
    return Arrays.stream(values()).map(TraceFormat::id).collect(Collectors.joining(", "));
  }
}
