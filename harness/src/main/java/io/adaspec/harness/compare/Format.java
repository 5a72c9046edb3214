package io.adaspec.harness.compare;

import static java.util.Locale.ROOT;

import io.adaspec.harness.compare.Comparison.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers as people read them.
final class Format {
  private Format() {}

  /// Four significant digits and more before the point; a dash where there is none.
  static String value(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    String format = size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f";
    return String.format(ROOT, format, value);
  }

  /// A relative change, signed.
  static String change(double change) {
    if (Double.isNaN(change) || Double.isInfinite(change)) {
      return "-";
    }
    // Rounding must not hide a difference between deterministic runs.
    return (change != 0 && Math.abs(change) < 0.0005
            ? String.format(ROOT, "%+.0e", 100 * change)
            : percent(change))
        + " %";
  }

  static String interval(Row row) {
    return Double.isNaN(row.lower())
        ? ""
        : percent(row.lower()) + " .. " + percent(row.upper()) + " %";
  }

  private static String percent(double share) {
    String text = String.format(ROOT, Math.abs(share) < 1 ? "%+.1f" : "%+.0f", 100 * share);
    return text.equals("-0.0") ? "+0.0" : text;
  }

  static String threshold(Row row) {
    return row.gated()
        ? BigDecimal.valueOf(100 * row.threshold().getAsDouble())
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString()
            + " %"
        : "";
  }

  static String verdict(Row row) {
    return row.verdict().map(Verdict::key).orElse("");
  }

  /// What an undecided row lacks; empty for others.
  static String lack(Row row) {
    if (!row.is(Verdict.UNDECIDED)) {
      return "";
    }
    return row.remark().isEmpty()
        ? "needs about %d more runs".formatted(row.moreRuns())
        : row.remark();
  }

  /// The p-value where it supports a change.
  static String pValue(Row row) {
    return Double.isNaN(row.pValue())
        ? ""
        : row.pValue() < 0.001 ? "p < 0.001" : String.format(ROOT, "p = %.3f", row.pValue());
  }
}
