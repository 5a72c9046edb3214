package io.adaspec.harness.compare;

/// A condition that fails a comparison: a measure that is worse by more than a threshold.
///
/// @param threshold relative, 0.05 for 5 %; 0 lets any change that is shown fail
public record Gate(Measure measure, double threshold) {
  /// Of `metric[:stat]>x%`, such as `tpot:p99>5%`.
  ///
  /// @throws IllegalArgumentException naming the part that does not fit
  public static Gate parse(String text) {
    int sign = text.indexOf('>');
    if (sign < 0) {
      throw new IllegalArgumentException("it has no '>'; the form is metric[:stat]>x%");
    }
    return new Gate(
        Measure.parse(text.substring(0, sign).strip()),
        threshold(text.substring(sign + 1).strip()));
  }

  private static double threshold(String text) {
    try {
      if (text.endsWith("%")) {
        double percent = Double.parseDouble(text.substring(0, text.length() - 1));
        if (percent >= 0 && percent < 1e6) {
          return percent / 100;
        }
      }
    } catch (NumberFormatException e) {
      // falls through to the message
    }
    throw new IllegalArgumentException(
        "threshold '" + text + "' is no percentage of 0 or more, such as 5%");
  }
}
