package io.adaspec.engine.model;

/// A model directory that cannot be used; the message names the file and the offending value.
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
