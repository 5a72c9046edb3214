package io.adaspec.workload.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/// Exact conversion of time stamps to nanoseconds. Nothing is floored: what is finer than a
/// nanosecond is rounded to the nearest one.
final class TimeStamps {
  static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
  static final BigDecimal NANOS_PER_MILLISECOND = BigDecimal.valueOf(1_000_000L);

  /// About 146 years: the sum of two arrivals cannot overflow.
  private static final BigDecimal LATEST = BigDecimal.valueOf(1L << 62);

  // Bounded on purpose: BigDecimal would try to expand 1e999999999.
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,19}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,2})?");

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd")
          .appendPattern("[' ']['T']")
          .appendPattern("HH:mm:ss")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .appendPattern("[XXX]")
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private TimeStamps() {}

  /// @throws IllegalArgumentException with what is wrong, not naming the value
  static long relative(String text, BigDecimal nanosPerUnit) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new IllegalArgumentException("is not a finite decimal number");
    }
    BigDecimal nanos =
        new BigDecimal(text).multiply(nanosPerUnit).setScale(0, RoundingMode.HALF_EVEN);
    if (nanos.signum() < 0) {
      throw new IllegalArgumentException("must not be negative");
    }
    if (nanos.compareTo(LATEST) > 0) {
      throw new IllegalArgumentException("is out of range (at most 146 years)");
    }
    return nanos.longValueExact();
  }

  /// Nanoseconds from 1970 of `2023-11-16 18:15:46.6805900`, with or without an offset such as
  /// `+00:00`; without one it is taken as UTC.
  ///
  /// @throws IllegalArgumentException with what is wrong, not naming the value
  static long absolute(String text) {
    LocalDateTime time;
    int offsetSeconds;
    try {
      TemporalAccessor parsed = DATE_TIME.parse(text);
      time = LocalDateTime.from(parsed);
      offsetSeconds =
          parsed.isSupported(ChronoField.OFFSET_SECONDS)
              ? parsed.get(ChronoField.OFFSET_SECONDS)
              : 0;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "is not a time stamp of the form 2023-11-16 18:15:46.6805900", e);
    }
    if (time.getYear() < 1971 || time.getYear() > 2100) {
      throw new IllegalArgumentException("is out of range (years 1971 to 2100)");
    }
    long seconds = time.toEpochSecond(ZoneOffset.ofTotalSeconds(offsetSeconds));
    return seconds * 1_000_000_000L + time.get(ChronoField.NANO_OF_SECOND);
  }
}
