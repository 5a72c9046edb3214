package io.adaspec.engine.exec;

/// A latency profile that cannot be used; the message names the file and the reason.
public final class ProfileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProfileException(String message, Throwable cause) {
    super(message, cause);
  }
}
