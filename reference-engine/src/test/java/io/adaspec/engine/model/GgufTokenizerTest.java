package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Byte-level tokenizers from GGUF metadata, on a vocabulary small enough to see what must come
/// out.
final class GgufTokenizerTest {
  private static final List<String> TOKENS =
      List.of("<s>", "</s>", "1", "2", "a", "b", "Ġ", "ab", "12", "Ġa", "bab");
  private static final List<String> MERGES = List.of("a b", "1 2", "Ġ a");

  @TempDir Path directory;

  private static GgufWriter writer(String pre) {
    return new GgufWriter()
        .tokenizer(pre, TOKENS, MERGES, List.of(0, 1))
        .put("tokenizer.ggml.bos_token_id", 0)
        .put("tokenizer.ggml.eos_token_id", 1);
  }

  private Tokenizer open(GgufWriter writer) throws IOException {
    Path file = directory.resolve("tokenizer.gguf");
    Files.write(file, writer.toBytes());
    return Tokenizer.open(file);
  }

  private int[] encode(String pre, String text) throws IOException {
    try (Tokenizer tokenizer = open(writer(pre))) {
      int[] ids = tokenizer.encodePlain(text);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
      return ids;
    }
  }

  @Test
  void preTokenizersCutDifferently() throws IOException {
    assertThat(encode("gpt-2", "ab 1212")).containsExactly(7, 6, 8, 8);
    assertThat(encode("smollm", "ab 12")).containsExactly(7, 6, 2, 3);
    assertThat(encode("qwen2", "ab 12")).containsExactly(7, 6, 2, 3);
    assertThat(encode("llama-bpe", "ab 12")).containsExactly(7, 6, 8);
  }

  @Test
  void llama3TakesAWholePieceForATokenWhateverTheMerges() throws IOException {
    assertThat(encode("llama-bpe", "bab")).containsExactly(10);
    assertThat(encode("gpt-2", "bab")).containsExactly(5, 7);
  }

  @Test
  void controlTokensAreCutOutAndLeftOutOfText() throws IOException {
    try (Tokenizer tokenizer = open(writer("gpt-2"))) {
      assertThat(tokenizer.encodePlain("a</s>b")).containsExactly(4, 1, 5);
      assertThat(tokenizer.decode(4, 1, 5)).isEqualTo("ab");
      assertThat(tokenizer.eosId()).hasValue(1);
    }
  }

  @Test
  void aTextBeginsWithBosWhereTheModelWantsIt() throws IOException {
    try (Tokenizer without = open(writer("smollm"))) {
      assertThat(without.bosId()).isEmpty();
      assertThat(without.encode("a")).containsExactly(4);
    }
    try (Tokenizer byDefault = open(writer("llama-bpe"))) {
      assertThat(byDefault.bosId()).hasValue(0);
      assertThat(byDefault.encode("a")).containsExactly(0, 4);
    }
    GgufWriter told = writer("smollm").put("tokenizer.ggml.add_bos_token", true);
    try (Tokenizer tokenizer = open(told)) {
      assertThat(tokenizer.bosId()).hasValue(0);
    }
  }

  @Test
  void theChatTemplateKnowsTheSpecialTokens() throws IOException {
    GgufWriter chat =
        writer("smollm")
            .put("tokenizer.chat_template", "{{ bos_token }}{{ messages[0]['content'] }}");
    try (Tokenizer tokenizer = open(chat)) {
      String text =
          tokenizer
              .chatTemplate()
              .orElseThrow()
              .render(List.of(new ChatTemplate.Message("user", "ab")));
      assertThat(tokenizer.encodePlain(text)).containsExactly(0, 7);
    }
    try (Tokenizer without = open(writer("smollm"))) {
      assertThat(without.chatTemplate()).isEmpty();
    }
  }

  static Stream<Arguments> defects() {
    GgufWriter twice = new GgufWriter().tokenizer("gpt-2", List.of("a", "a"), List.of(), List.of());
    GgufWriter merge =
        new GgufWriter().tokenizer("gpt-2", List.of("a", "b"), List.of("a b"), List.of());
    return Stream.of(
        Arguments.of(new GgufWriter(), "lacks metadata 'tokenizer.ggml.model'"),
        Arguments.of(
            new GgufWriter().put("tokenizer.ggml.model", "llama"),
            "'tokenizer.ggml.model' 'llama' is not supported, only byte-level BPE"),
        Arguments.of(
            writer("deepseek"),
            "'tokenizer.ggml.pre' 'deepseek' is not supported, only [gpt-2, llama-bpe, qwen2,"),
        Arguments.of(twice, "'tokenizer.ggml.tokens' holds 'a' twice: 0, 1"),
        Arguments.of(merge, "'tokenizer.ggml.merges' entry 0 joins no two tokens: 'a b'"),
        Arguments.of(
            new GgufWriter()
                .tokenizer("gpt-2", TOKENS, MERGES, List.of())
                .put("tokenizer.ggml.bos_token_id", 11),
            "'tokenizer.ggml.bos_token_id' must be in [0, 11): 11"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void unusableTokenizersAreRefusedWithTheValue(GgufWriter writer, String message) {
    assertThatThrownBy(() -> open(writer))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.gguf: ")
        .hasMessageContaining(message);
  }
}
