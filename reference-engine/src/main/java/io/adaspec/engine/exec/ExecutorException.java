package io.adaspec.engine.exec;

/// A forward failed. The requests of the step fail; the engine goes on.
public final class ExecutorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ExecutorException(String message, Throwable cause) {
    super(message, cause);
  }
}
