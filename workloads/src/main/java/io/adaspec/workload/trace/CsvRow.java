package io.adaspec.workload.trace;

import io.adaspec.workload.input.InputFormatException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;

/// One row of a trace CSV; every accessor names the line, column and value that it cannot accept.
record CsvRow(String source, long line, CSVRecord fields) {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,40}");

  long seconds(String column) {
    String value = fields.get(column);
    try {
      return TimeStamps.relative(value, TimeStamps.NANOS_PER_SECOND);
    } catch (IllegalArgumentException e) {
      throw fault(column, value, e.getMessage());
    }
  }

  long epochNanos(String column) {
    String value = fields.get(column);
    try {
      return TimeStamps.absolute(value);
    } catch (IllegalArgumentException e) {
      throw fault(column, value, e.getMessage());
    }
  }

  int tokens(String column) {
    String value = fields.get(column);
    if (!WHOLE_NUMBER.matcher(value).matches()) {
      throw fault(column, value, "is not a whole number");
    }
    BigDecimal tokens = new BigDecimal(value);
    if (tokens.signum() < 0) {
      throw fault(column, value, "must not be negative");
    }
    if (tokens.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw fault(column, value, "is out of range (at most 2147483647)");
    }
    return tokens.intValueExact();
  }

  TokenLengths lengths(String promptColumn, String outputColumn) {
    return new TokenLengths(tokens(promptColumn), tokens(outputColumn));
  }

  /// The text of a column that the file may lack, empty where it is absent or blank.
  Optional<String> optional(String column) {
    return fields.isMapped(column)
        ? Optional.of(fields.get(column)).filter(text -> !text.isBlank())
        : Optional.empty();
  }

  InputFormatException fault(String column, String value, String problem) {
    return InputFormatException.atValue(source, line, column, value, problem);
  }
}
