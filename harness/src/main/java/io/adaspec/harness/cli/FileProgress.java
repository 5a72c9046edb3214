package io.adaspec.harness.cli;

import io.adaspec.harness.model.ModelSource;
import java.util.Locale;

/// Shows how a file is getting on: a bar rewritten in place on a terminal, otherwise one line per
/// file.
final class FileProgress implements ModelSource.Progress {
  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\033[K";

  private final Environment environment;
  private String file = "";
  private int shown = -1;

  FileProgress(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void update(String name, long done, long total) {
    environment.stop().check();
    boolean another = !name.equals(file);
    file = name;
    if (!environment.errIsTerminal()) {
      if (another) {
        environment.say(
            total < 0 ? name : String.format(Locale.ROOT, "%s (%.1f MB)", name, total / 1e6));
      }
      return;
    }
    int permille = total > 0 ? (int) (1000 * done / total) : 0;
    if (another || permille != shown) {
      shown = permille;
      int filled = WIDTH * permille / 1000;
      String bar =
          total < 0
              ? name + " ..."
              : String.format(
                  Locale.ROOT,
                  "%s [%s%s] %5.1f %% of %.1f MB",
                  name,
                  "#".repeat(filled),
                  "-".repeat(WIDTH - filled),
                  permille / 10.0,
                  total / 1e6);
      environment.err().print(CLEAR + bar);
      environment.err().flush();
    }
  }

  /// Leaves the terminal as if nothing had been shown.
  void clear() {
    if (environment.errIsTerminal()) {
      environment.err().print(CLEAR);
      environment.err().flush();
    }
    file = "";
  }
}
