package io.adaspec.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Text that a person asked for, also to a pipe or `/dev/stdout`: written in place.
final class TextFile {
  private TextFile() {}

  /// @throws IOException naming the file
  static void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      // A full disk has a message without a name.
      throw String.valueOf(e.getMessage()).contains(file.toString())
          ? e
          : new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
