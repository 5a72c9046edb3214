package io.adaspec.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `adaspec model`, and models named by `--target` and `--draft`.
final class ModelCommandTest {
  @TempDir private Path directory;
  private ToyCli cli;

  @BeforeEach
  void start() {
    cli = new ToyCli(directory.resolve("cache"));
  }

  private Path gguf() throws IOException {
    return Files.writeString(directory.resolve("Tiny.GGUF"), "weights");
  }

  @Test
  void aFetchedModelIsListedVerifiedAndNamed() throws IOException {
    Path file = gguf();
    assertThat(cli.run("model", "fetch", "--name", "tiny", file.toString())).isZero();
    assertThat(cli.err()).contains("Fetched " + directory, "Use it with --target tiny");

    assertThat(cli.run("model", "list")).isZero();
    assertThat(cli.out()).contains("tiny  ", "smollm2-135m             not fetched");
    assertThat(cli.run("model", "verify")).isZero();
    assertThat(cli.out()).isEqualTo("tiny: as fetched\n");

    assertThat(
            cli.run(
                "generate", "--policy", "fixed:2", "--target", "tiny", "--draft", "self:1", "x"))
        .isZero();
    assertThat(cli.run("generate", "--policy", "fixed:2", "--target", "tiny", "x")).isEqualTo(2);
    assertThat(cli.err()).contains("policy fixed:2 needs a draft model: --draft MODEL");

    Files.writeString(directory.resolve("cache/models/tiny/Tiny.GGUF"), "weighty");
    assertThat(cli.run("model", "verify", "tiny")).isEqualTo(1);
    assertThat(cli.out()).contains("tiny: damaged", "Tiny.GGUF: SHA-256 is");
  }

  @Test
  void aKnownModelThatIsNotHereIsToBeFetched() {
    assertThat(cli.run("generate", "--target", "smollm2-135m", "--draft", "self:4", "x"))
        .isEqualTo(2);
    assertThat(cli.err())
        .contains(
            "--target smollm2-135m is not here yet: fetch it with 'adaspec model fetch"
                + " smollm2-135m'");
  }

  @Test
  void aFileOfAnotherKindIsNoModel() throws IOException {
    Path file = Files.writeString(directory.resolve("model.bin"), "weights");
    assertThat(cli.run("generate", "--policy", "autoregressive", "--target", file.toString(), "x"))
        .isEqualTo(2);
    assertThat(cli.err()).contains("--target is neither a directory nor a .gguf file: " + file);
  }

  @Test
  void whatCannotBeFetchedIsNamed() {
    assertThat(cli.run("model", "fetch", "nothing")).isEqualTo(2);
    assertThat(cli.err()).contains("'nothing' is neither a known model");
    assertThat(cli.run("model", "fetch", "--endpoint", "ftp://x", "a/b")).isEqualTo(2);
    assertThat(cli.err()).contains("endpoint must be a web address: 'ftp://x'");
    assertThat(cli.run("model")).isEqualTo(2);
    assertThat(cli.err()).contains("needs fetch, list or verify");
  }

  @Test
  void chatNeedsATemplate() {
    assertThat(cli.run("generate", "--chat", "x")).isEqualTo(2);
    assertThat(cli.err()).contains("--chat: the target brings no chat template");
  }
}
