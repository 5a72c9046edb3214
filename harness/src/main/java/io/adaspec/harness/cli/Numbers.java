package io.adaspec.harness.cli;

/// Checks of numbers that options give.
final class Numbers {
  private Numbers() {}

  /// @param value null where the option is not given
  /// @throws IllegalArgumentException naming the option and its value
  static void atLeastOne(String option, Number value) {
    if (value != null && value.longValue() < 1) {
      throw new IllegalArgumentException(option + " must be >= 1: " + value);
    }
  }
}
