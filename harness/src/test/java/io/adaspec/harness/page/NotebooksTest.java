package io.adaspec.harness.page;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The committed notebooks. They are executed by `notebooks/run`, in CI.
class NotebooksTest {
  private static final Path NOTEBOOKS = Path.of("../notebooks");

  @TempDir private Path directory;

  private static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  private record Ended(int status, String said) {}

  private Ended check(Path notebooks) throws Exception {
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(notebooks.resolve("run").toString(), "--check")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(said));
  }

  private static void assumePython() {
    String path = System.getenv().getOrDefault("PATH", "");
    assumeTrue(
        Stream.of(path.split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3"))),
        "no python3 on the PATH");
  }

  @Test
  void committedNotebooks_haveNoOutputs() throws IOException {
    assertThat(notebooks()).hasSize(3);
    for (Path file : notebooks()) {
      for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
        if (cell.get("cell_type").asText().equals("code")) {
          assertThat(cell.get("outputs")).as(file.toString()).isEmpty();
          assertThat(cell.get("execution_count").isNull()).as(file.toString()).isTrue();
        }
      }
    }
  }

  @Test
  void check_passesWhatIsCommitted_andNamesANotebookWithOutputs() throws Exception {
    assumePython();
    Ended committed = check(NOTEBOOKS);
    assumeTrue(!committed.said().contains("needs python3"), committed.said());
    assertThat(committed).isEqualTo(new Ended(0, ""));

    Path copies = Files.createDirectory(directory.resolve("notebooks"));
    Path executed = notebooks().getFirst();
    String text = Files.readString(executed);
    assertThat(text).contains("\"execution_count\": null");
    Files.writeString(
        copies.resolve(executed.getFileName()),
        text.replaceFirst("\"execution_count\": null", "\"execution_count\": 1"));
    for (String script : List.of("run", "execute.py")) {
      Files.copy(
          NOTEBOOKS.resolve(script), copies.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Ended dirty = check(copies);
    assertThat(dirty.status()).isOne();
    assertThat(dirty.said()).contains("not stripped: " + executed.getFileName());
  }
}
