package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run in a process of its own, killed while it writes.
class KilledRunTest {
  private static final int FIRST = 300;

  /// Writes rows, then more of them in small portions until it is killed.
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      RunDirectory run = new RunDirectory(Path.of(arguments[0]));
      ArrowRunWriter writer = ArrowRunWriter.open(run, Rows.info(FIRST), 0);
      for (int i = 0; ; i++) {
        writer.step(Rows.step(i));
        writer.request(Rows.request(i));
        if (i >= FIRST) {
          Thread.sleep(50); // far from filling a batch within the test
        }
      }
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void killedProcess_leavesItsRowsReadable(@TempDir Path path) throws Exception {
    RunDirectory run = new RunDirectory(path.resolve("run"));
    Process child = start(run.path());
    try {
      while (written(run) < FIRST) {
        assertThat(child.isAlive()).as("child writes without being closed").isTrue();
        Thread.sleep(10);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(child.exitValue()).isEqualTo(128 + 9);
    assertThat(run.readInfo()).isEqualTo(Rows.info(FIRST));
    List<Object> rows = new ArrayList<>();
    assertThat(ArrowRunReader.steps(run, rows::add)).isFalse();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(FIRST);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).isEqualTo(Rows.step(i));
    }
    rows.clear();
    assertThat(ArrowRunReader.requests(run, rows::add)).isFalse();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(FIRST);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).isEqualTo(Rows.request(i));
    }
  }

  private static int written(RunDirectory run) throws IOException {
    if (!run.requests().toFile().exists() || !run.steps().toFile().exists()) {
      return 0;
    }
    List<Object> steps = new ArrayList<>();
    ArrowRunReader.steps(run, steps::add);
    List<Object> requests = new ArrayList<>();
    ArrowRunReader.requests(run, requests::add);
    return Math.min(steps.size(), requests.size());
  }

  private static Process start(Path directory) throws IOException {
    return ChildJvm.of(Child.class, directory).inheritIO().start();
  }
}
