package io.adaspec.engine.spec;

/// An unknown policy, or parameters it cannot have. The message names the offending value.
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PolicyException(String message) {
    super(message);
  }
}
