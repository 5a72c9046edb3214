package io.adaspec.workload.input;

/// A trace or prompt file that says something this module cannot accept. The message names the
/// source and, where they are known, the line (from 1), the column and the offending value, as in
/// `week.csv:17: column ContextTokens: must not be negative: "-3"`.
public final class InputFormatException extends RuntimeException {
  private static final int LONGEST_QUOTED_VALUE = 120;

  private final String source;
  private final long line;

  private InputFormatException(String message, String source, long line, Throwable cause) {
    super(message, cause);
    this.source = source;
    this.line = line;
  }

  /// A fault of the source as a whole.
  public static InputFormatException ofSource(String source, String problem) {
    return new InputFormatException(source + ": " + problem, source, 0, null);
  }

  /// A fault of one line that has no single value to blame.
  public static InputFormatException atLine(
      String source, long line, String problem, Throwable cause) {
    return new InputFormatException(source + ":" + line + ": " + problem, source, line, cause);
  }

  /// A fault of one value. `column` is a CSV header or a JSON key.
  public static InputFormatException atValue(
      String source, long line, String column, String value, String problem) {
    String shown =
        value.length() <= LONGEST_QUOTED_VALUE
            ? value
            : value.substring(0, LONGEST_QUOTED_VALUE) + "...";
    return new InputFormatException(
        "%s:%d: column %s: %s: \"%s\"".formatted(source, line, column, problem, shown),
        source,
        line,
        null);
  }

  /// Name of the source, as given to [InputSource].
  public String source() {
    return source;
  }

  /// Line of the fault from 1, or 0 where the source as a whole is at fault.
  public long line() {
    return line;
  }
}
