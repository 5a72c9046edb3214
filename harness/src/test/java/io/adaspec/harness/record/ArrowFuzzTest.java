package io.adaspec.harness.record;

import io.adaspec.engine.Mutations;
import io.adaspec.workload.input.InputFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Damaged result files are refused by name, or read as far as they are whole; never anything else.
class ArrowFuzzTest {
  private static final Set<Class<?>> ERRORS = Set.of(IOException.class);

  @TempDir private Path directory;

  @Test
  @Timeout(600)
  void tables() throws IOException {
    RunDirectory good = new RunDirectory(directory.resolve("good"));
    try (SequentialRunWriter writer = SequentialRunWriter.open(good, Rows.info(5))) {
      for (int i = 0; i < 5; i++) {
        writer.step(Rows.step(i));
        writer.request(Rows.request(i));
      }
    }
    good.writeHistograms(Map.of());
    RunDirectory bad = new RunDirectory(Files.createDirectory(directory.resolve("bad")));
    fuzz("steps.arrow", good.steps(), bad.steps(), () -> ArrowRunReader.steps(bad, row -> {}));
    fuzz(
        "requests.arrow",
        good.requests(),
        bad.requests(),
        () -> ArrowRunReader.requests(bad, row -> {}));
    fuzz("histograms.arrow", good.histograms(), bad.histograms(), bad::readHistograms);
    fuzz("run.json", good.info(), bad.info(), bad::readInfo);
  }

  @Test
  @Timeout(600)
  void rollouts() throws IOException {
    Path file = directory.resolve("rollouts.arrow");
    RolloutFile.write(file, RolloutFileTest.sample());
    byte[][] seeds = {Files.readAllBytes(file)};
    System.out.println(
        Mutations.run(
            "rollouts",
            seeds,
            input -> RolloutFile.read("rollouts", input),
            Set.of(InputFormatException.class)));
  }

  private interface Read {
    void now() throws IOException;
  }

  private static void fuzz(String name, Path good, Path bad, Read read) throws IOException {
    byte[][] seeds = {Files.readAllBytes(good)};
    System.out.println(
        Mutations.run(
            name,
            seeds,
            input -> {
              Files.write(bad, input);
              read.now();
            },
            ERRORS));
  }
}
