package io.adaspec.engine.model;

/// A weight file that is damaged or does not fit the configuration; the message names file, tensor
/// and value.
public final class CheckpointException extends ModelException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
