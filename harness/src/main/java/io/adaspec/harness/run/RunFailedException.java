package io.adaspec.harness.run;

/// A run could not go on. Its files, if it had any, are closed.
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunFailedException(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}
