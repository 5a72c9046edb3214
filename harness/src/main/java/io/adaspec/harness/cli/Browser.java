package io.adaspec.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// The desktop's browser.
final class Browser {
  private Browser() {}

  /// Asks the desktop to show a file.
  ///
  /// @throws IOException where there is no desktop to ask, or it refuses
  static void show(Path file) throws IOException, InterruptedException {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    String opener = mac ? "open" : "xdg-open";
    Process process;
    try {
      process =
          new ProcessBuilder(opener, file.toAbsolutePath().toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new IOException("no browser to open " + file + " with: " + opener + " is missing", e);
    }
    int exitCode = process.waitFor();
    if (exitCode != 0) {
      throw new IOException(opener + " could not open " + file + ": exit code " + exitCode);
    }
  }
}
