package io.adaspec.harness.sim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A disturbance of a simulated run. Times are virtual, from the start of the run.
public sealed interface Injection {
  /// From `fromNanos` on the device takes `factor` times as long, until `untilNanos`.
  record Slowdown(double factor, long fromNanos, long untilNanos) implements Speed {
    public Slowdown {
      check(factor, fromNanos, untilNanos);
    }

    @Override
    public double factorAt(long nanos) {
      return nanos >= fromNanos && nanos < untilNanos ? factor : 1;
    }
  }

  /// Between `fromNanos` and `untilNanos` the device slows down steadily to `factor` times its
  /// durations, and stays so.
  record Drift(double factor, long fromNanos, long untilNanos) implements Speed {
    public Drift {
      check(factor, fromNanos, untilNanos);
    }

    @Override
    public double factorAt(long nanos) {
      double share = (double) (nanos - fromNanos) / (untilNanos - fromNanos);
      return 1 + (factor - 1) * Math.clamp(share, 0, 1);
    }
  }

  /// The policy's latency profile says `factor` times what was measured, from the start.
  record WrongProfile(double factor) implements Injection {
    public WrongProfile {
      check(factor, 0, 1);
    }

    @Override
    public long fromNanos() {
      return 0;
    }
  }

  /// One that changes the device's durations.
  sealed interface Speed extends Injection permits Slowdown, Drift {
    /// What durations are multiplied by.
    double factorAt(long nanos);
  }

  /// When it begins.
  long fromNanos();

  /// Parses `slowdown:F@T`, `slowdown:F@T-U`, `drift:F@T-U` or `wrong-profile:F`, with times in
  /// seconds as in `2.0@120s` or `2.0@120s-180s`.
  ///
  /// @throws IllegalArgumentException naming what does not parse
  static Injection parse(String text) {
    Matcher matcher = Syntax.FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an injection is slowdown:FACTOR@SECONDS, slowdown:FACTOR@FROM-UNTIL,"
              + " drift:FACTOR@FROM-UNTIL or wrong-profile:FACTOR: '"
              + text
              + "'");
    }
    double factor = Syntax.number(text, matcher.group("factor"));
    boolean hasStart = matcher.group("from") != null;
    boolean hasEnd = matcher.group("until") != null;
    long from = hasStart ? Syntax.nanos(text, matcher.group("from")) : 0;
    long until = hasEnd ? Syntax.nanos(text, matcher.group("until")) : Long.MAX_VALUE;
    try {
      return switch (matcher.group("kind") + (hasStart ? "@" : "") + (hasEnd ? "-" : "")) {
        case "slowdown@", "slowdown@-" -> new Slowdown(factor, from, until);
        case "drift@-" -> new Drift(factor, from, until);
        case "wrong-profile" -> new WrongProfile(factor);
        default -> throw new IllegalArgumentException("times are missing or out of place");
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("injection '" + text + "': " + e.getMessage(), e);
    }
  }

  private static void check(double factor, long from, long until) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the factor must be finite and > 0: " + factor);
    }
    if (from < 0 || until <= from) {
      throw new IllegalArgumentException("it must end after it begins");
    }
  }

  /// How injections are written.
  final class Syntax {
    private static final Pattern FORM =
        Pattern.compile(
            "(?<kind>slowdown|drift|wrong-profile):(?<factor>[^@]+)"
                + "(@(?<from>[^-]+?)s?(-(?<until>[^-]+?)s?)?)?");

    private Syntax() {}

    private static double number(String text, String value) {
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "injection '" + text + "': '" + value + "' is no number", e);
      }
    }

    private static long nanos(String text, String seconds) {
      double value = number(text, seconds);
      if (!(value >= 0 && value <= 1e9)) {
        throw new IllegalArgumentException(
            "injection '" + text + "': " + seconds + " is not in 0..1e9 seconds");
      }
      return Math.round(value * 1e9);
    }
  }
}
