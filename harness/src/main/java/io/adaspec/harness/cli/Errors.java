package io.adaspec.harness.cli;

import io.adaspec.engine.exec.ProfileException;
import io.adaspec.engine.model.ModelException;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.harness.run.StopSignal.StoppedException;
import io.adaspec.workload.input.InputFormatException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// The one place where an exception becomes a message and an exit code.
final class Errors {
  static final int RUN_FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int STOPPED = 130;

  private Errors() {}

  /// What a person can do something about.
  static String message(Throwable error) {
    String message = String.valueOf(error.getMessage());
    return switch (error) {
      case NoSuchFileException e -> e.getFile() + ": no such file or directory";
      case NotDirectoryException e -> e.getFile() + ": not a directory";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileAlreadyExistsException e ->
          e.getFile() + ": exists already" + (e.getReason() == null ? "" : ", " + e.getReason());
      case UncheckedIOException e -> message(e.getCause());
      case DirectoryNotEmptyException e -> e.getFile() + ": is not empty";
      default -> error.getMessage() == null ? error.toString() : plain(message);
    };
  }

  /// Less what only Jackson's users understand.
  private static String plain(String message) {
    return message
        .replaceAll(
            "Missing creator property '(\\w+)' \\(index \\d+\\); `\\S+` enabled", "has no '$1'")
        .replaceAll(
            "Cannot construct instance of `\\S+`.* from \\w+ value \\((.*)\\)$",
            "has $1 where fields with values are wanted")
        .replaceAll(
            " \\(start marker at \\[Source: .*?; (line: \\d+), column: \\d+\\]\\)", " ($1)");
  }

  static int exitCode(Throwable error) {
    return switch (error) {
      case InputFormatException _,
          ModelException _,
          PolicyException _,
          ProfileException _,
          IllegalArgumentException _,
          NoSuchFileException _,
          NotDirectoryException _,
          AccessDeniedException _,
          FileAlreadyExistsException _ ->
          BAD_INPUT;
      case StoppedException _ -> STOPPED;
      default -> RUN_FAILED;
    };
  }
}
