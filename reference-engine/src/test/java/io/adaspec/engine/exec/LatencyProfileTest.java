package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.exec.LatencyTable.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyProfileTest {
  private static final LatencyProfile.Key KEY =
      new LatencyProfile.Key("cpu: example, 2 cores", "target", "draft", "F32", 2, "torch 2.7");

  private static final LatencyProfile PROFILE =
      new LatencyProfile(
          LatencyProfile.VERSION,
          KEY,
          "2026-01-02T03:04:05Z",
          List.of(new Point(1, 0, 100.25), new Point(1, 8, 4096, 200)),
          List.of(new Point(1, 1, 10), new Point(2, 1, 12)),
          5.5,
          3,
          2,
          List.of(0.5, 0.25));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void profileFile() {
    file = directory.resolve("profile.json");
  }

  @Test
  void whatIsWritten_isRead() throws IOException {
    PROFILE.write(file);

    assertThat(LatencyProfile.read(file)).isEqualTo(PROFILE);
  }

  @Test
  void aProfileWithoutADraft_isRead() throws IOException {
    LatencyProfile profile =
        new LatencyProfile(
            LatencyProfile.VERSION, KEY, "", PROFILE.verify(), List.of(), 1, 0, 0, List.of());
    profile.write(file);

    assertThat(LatencyProfile.read(file)).isEqualTo(profile);
  }

  @Test
  void write_makesTheFoldersAndLeavesNothingElse() throws IOException {
    Path nested = directory.resolve("a/b/profile.json");

    PROFILE.write(nested);
    PROFILE.write(nested);

    assertThat(nested.getParent()).isDirectoryContaining(path -> path.equals(nested));
    try (var files = Files.list(nested.getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  /// A move that first deletes what was there would succeed here, and lose a profile when it is
  /// interrupted.
  @Test
  void write_neverDeletesWhatWasThereBefore() throws IOException {
    Files.createDirectory(file);

    assertThatThrownBy(() -> PROFILE.write(file)).isInstanceOf(IOException.class);

    assertThat(file).isEmptyDirectory();
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  private void writeChanged(String text, String replacement) throws IOException {
    PROFILE.write(file);
    String json = Files.readString(file);
    assertThat(json).contains(text);
    Files.writeString(file, json.replaceFirst(text, replacement));
  }

  private void assertUnusable(String reason) {
    assertThatThrownBy(() -> LatencyProfile.read(file))
        .isInstanceOf(ProfileException.class)
        .hasMessageStartingWith(file.toString() + ": ")
        .hasMessageContaining(reason);
  }

  @Test
  void anUnknownField_isRefusedByName() throws IOException {
    writeChanged("\"measuredAt\"", "\"weather\" : \"fine\", \"measuredAt\"");

    assertUnusable("weather");
  }

  @Test
  void anUnknownFieldOfTheKey_isRefusedByName() throws IOException {
    writeChanged("\"dtype\"", "\"colour\" : 1, \"dtype\"");

    assertUnusable("colour");
  }

  @Test
  void aMissingField_isRefusedByName() throws IOException {
    writeChanged("\"threads\" : 2,", "");

    assertUnusable("threads");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "99"})
  void anotherVersion_isRefusedByNumber(String version) throws IOException {
    int current = LatencyProfile.VERSION;
    writeChanged("\"version\" : " + current, "\"version\" : " + version);

    assertUnusable("profile version " + version + " is not the current " + current);
  }

  @ParameterizedTest
  @CsvSource({
    "100.25, -1, 'bad latency point: n = 1, C = 0, -1.0 ns'",
    "'\"newTokens\" : 8', '\"newTokens\" : 1', at least two batch sizes",
    "'\"verifyOverheadNanos\" : 5.5', '\"verifyOverheadNanos\" : -1', 'overheads must be >= 0:"
        + " -1.0, 3.0, 2.0'",
    "'\"verifyOverheadNanos\" : 5.5', '\"verifyOverheadNanos\" : null', 'Cannot map `null` into"
        + " type `double`'",
  })
  void valuesThatCannotBe_areRefused(String text, String replacement, String reason)
      throws IOException {
    writeChanged(text, replacement);

    assertUnusable(reason);
  }

  /// Wherever a write was cut off.
  @Test
  void aTruncatedFile_isRefusedWhereverItEnds() throws IOException {
    PROFILE.write(file);
    String json = Files.readString(file).strip();
    for (int length = 0; length < json.length(); length++) {
      Files.writeString(file, json.substring(0, length));
      assertUnusable("");
    }
  }

  @Test
  void aMissingFile_isAProfileException() {
    assertUnusable("");
  }

  @Test
  void anotherKindOfFile_isRefused() throws IOException {
    Files.writeString(file, "null");

    assertUnusable("");
  }

  @Test
  void theDeploymentItWasMeasuredOn_matches() {
    assertThat(
            PROFILE.mismatch(
                new LatencyProfile.Key(
                    "cpu: example, 2 cores", "target", "draft", "F32", 2, "torch 2.7")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gpu, target, draft, F32, 2, torch 2.7, 'device is ''cpu: example, 2 cores'', not ''gpu'''",
    "'cpu: example, 2 cores', other, draft, F32, 2, torch 2.7, 'target is ''target'', not"
        + " ''other'''",
    "'cpu: example, 2 cores', target, '', F32, 2, torch 2.7, 'draft is ''draft'', not '''''",
    "'cpu: example, 2 cores', target, draft, BF16, 2, torch 2.7, 'dtype is ''F32'', not ''BF16'''",
    "'cpu: example, 2 cores', target, draft, F32, 4, torch 2.7, 'threads is ''2'', not ''4'''",
    "'cpu: example, 2 cores', target, draft, F32, 2, torch 3, 'libraries is ''torch 2.7'', not"
        + " ''torch 3'''",
  })
  void eachDifference_isNamedWithBothValues(
      String device,
      String target,
      String draft,
      String dtype,
      int threads,
      String libraries,
      String difference) {
    assertThat(
            PROFILE.mismatch(
                new LatencyProfile.Key(device, target, draft, dtype, threads, libraries)))
        .contains("measured on another deployment: " + difference);
  }

  @Test
  void allDifferences_areListedAtOnce() {
    assertThat(PROFILE.mismatch(new LatencyProfile.Key("gpu", "a", "b", "BF16", 16, "c")))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("device is", "target is", "draft is", "dtype is")
                    .contains("threads is '2', not '16'", "libraries is"));
  }
}
