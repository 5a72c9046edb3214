package io.adaspec.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.harness.record.Rollouts.Generation;
import io.adaspec.workload.input.InputFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutFileTest {
  @TempDir private Path directory;

  /// Two generations.
  static Rollouts sample() {
    return rollouts(generation("a", "code"), generation("b", "math"));
  }

  @Test
  void whatIsWritten_isReadInHalfPrecision() throws IOException {
    Rollouts written = rollouts(generation("a", "code"), generation("b", "math"));
    Path file = directory.resolve("r.arrow");
    RolloutFile.write(file, written);
    Rollouts read = RolloutFile.read(file);

    assertThat(read.header()).isEqualTo(written.header());
    assertThat(RolloutFile.header("r", Files.readAllBytes(file))).isEqualTo(written.header());
    assertThat(read.generations())
        .usingRecursiveComparison()
        .withEqualsForType((a, b) -> Math.abs(a - b) <= 5e-4f * Math.max(a, b), Float.class)
        .isEqualTo(written.generations());
    assertThat(read.positions()).isEqualTo(8);
  }

  @Test
  void anotherFile_isNamedAndRefused() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "no Arrow file at all");
    assertThatThrownBy(() -> RolloutFile.read(text))
        .isInstanceOf(InputFormatException.class)
        .hasMessageContaining(text + ": is no file of rollouts");
  }

  @Test
  void anArrowFileOfAnotherKind_isRefused() throws IOException {
    Path file = directory.resolve("requests.arrow");
    new RunDirectory(directory).writeHistograms(Map.of());
    Files.move(directory.resolve("histograms.arrow"), file);
    assertThatThrownBy(() -> RolloutFile.read(file))
        .isInstanceOf(InputFormatException.class)
        .hasMessageContaining("holds no rollouts");
  }

  @Test
  void aTruncatedFile_isRefused() throws IOException {
    Path file = directory.resolve("r.arrow");
    RolloutFile.write(file, rollouts(generation("a", "code")));
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, whole.length / 2, whole.length - 1}) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> RolloutFile.read("part", part))
          .as("%d bytes", length)
          .isInstanceOf(InputFormatException.class)
          .hasMessageStartingWith("part: ");
    }
  }

  @Test
  void anExistingFile_isReplacedAsAWhole() throws IOException {
    Path file = directory.resolve("r.arrow");
    RolloutFile.write(file, rollouts(generation("a", "code"), generation("b", "code")));
    RolloutFile.write(file, rollouts(generation("c", "code")));
    assertThat(RolloutFile.read(file).generations())
        .extracting(Generation::promptId)
        .containsExactly("c");
    assertThat(directory.toFile().list()).containsExactly("r.arrow");
  }

  @Test
  void whatContradictsItself_isRefused() {
    Generation good = generation("a", "code");
    assertThatThrownBy(() -> rollouts()).hasMessageContaining("no generations");
    assertThatThrownBy(
            () -> rollouts(with(good, new int[] {1, 2, 3, 99}, good.ranks(), good.accepted())))
        .hasMessageContaining("prompt a: bad rollouts: token id 99");
    assertThatThrownBy(
            () -> rollouts(with(good, good.tokens(), new byte[] {0, 0, 4, 0}, good.accepted())))
        .hasMessageContaining("rank 4");
    assertThatThrownBy(
            () -> rollouts(with(good, good.tokens(), good.ranks(), new byte[] {1, 1, 0, 2})))
        .hasMessageContaining("position 0: 1 tokens accepted");
    assertThatThrownBy(
            () -> rollouts(with(good, good.tokens(), good.ranks(), new byte[] {2, 1, 0, 0})))
        .hasMessageContaining("position 3: 0 tokens accepted");
    assertThatThrownBy(() -> rollouts(with(good, good.tokens(), new byte[3], good.accepted())))
        .hasMessageContaining("ranks of 3 values, not 4");
    assertThatThrownBy(
            () ->
                rollouts(
                    new Generation(
                        "a",
                        "code",
                        good.prompt(),
                        good.tokens(),
                        good.ranks(),
                        good.accepted(),
                        new float[] {.1f, .2f, 0, .5f, .2f, 0, .5f, .2f, 0, .5f, .2f, 0},
                        good.continuation())))
        .hasMessageContaining("alternatives out of order");
  }

  private static Generation with(Generation other, int[] tokens, byte[] ranks, byte[] accepted) {
    return new Generation(
        other.promptId(),
        other.category(),
        other.prompt(),
        tokens,
        ranks,
        accepted,
        other.alternatives(),
        other.continuation());
  }

  /// Two tokens right, one wrong, one right at the end, where more may have followed.
  private static Generation generation(String id, String category) {
    return new Generation(
        id,
        category,
        new int[] {0, 5, 6},
        new int[] {1, 2, 3, 4},
        new byte[] {0, 0, 1, 0},
        new byte[] {2, 1, 0, 3},
        new float[] {.9f, .05f, .01f, .7f, .2f, .05f, .3f, .29f, .1f, 1, 0, 0},
        new float[] {.7f, .3f, .3f, .1f, .2f, .2f, .33f, .44f});
  }

  private static Rollouts rollouts(Generation... generations) {
    return new Rollouts(
        new Rollouts.Header(
            Rollouts.FORMAT_VERSION,
            "2026-01-02T03:04:05Z",
            new Rollouts.Model("target", "t0"),
            new Rollouts.Model("draft", "d0"),
            "f32",
            Map.of("engine", "1"),
            new Rollouts.Prompts("set", "abc"),
            10,
            3,
            3),
        List.of(generations));
  }
}
