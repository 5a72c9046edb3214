package io.adaspec.engine.spec;

/// An unknown policy, or parameters it cannot have. The message names the offending value.
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PolicyException(String message) {
    super(message);
  }

  /// Parses a policy's integer parameter.
  ///
  /// @throws PolicyException naming policy, parameter and value, where it is none or out of range
  public static int parseInt(String policy, String parameter, String text, int min, int max) {
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Not a number: the same complaint as a number out of range.
    }
    throw new PolicyException(
        "%s: %s must be an integer from %d to %d, not '%s'"
            .formatted(policy, parameter, min, max, text));
  }
}
