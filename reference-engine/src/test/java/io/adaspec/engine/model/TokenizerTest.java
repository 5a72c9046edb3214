package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TokenizerTest {
  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer = Tokenizer.open(TestModels.target());
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  @Test
  void idsEqualTheReference() throws IOException {
    JsonNode reference =
        new ObjectMapper().readTree(TestModels.directory().resolve("reference.json").toFile());
    for (JsonNode prompt : reference.path("prompts")) {
      List<Integer> expected = new ArrayList<>();
      prompt.path("ids").forEach(id -> expected.add(id.asInt()));
      int[] ids = tokenizer.encode(prompt.path("text").asText());
      assertThat(ids)
          .as(prompt.path("name").asText())
          .containsExactly(expected.toArray(Integer[]::new));
    }
  }

  @Test
  void specialTokensAreKnown() {
    assertThat(tokenizer.bosId()).hasValue(0);
    assertThat(tokenizer.eosId()).hasValue(1);
    assertThat(tokenizer.encode("whale")).startsWith(0).hasSizeGreaterThan(1);
    assertThat(tokenizer.encodePlain("whale")).doesNotContain(0);
  }

  @Test
  void longTextsAreNotTruncated() {
    String text = "the whale and the sea. ".repeat(2000);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void streamedPiecesJoinToTheWholeText() {
    String text = "naïve 鯨 🐋🐳 café — “done”\n\tend ";
    TokenStream stream = tokenizer.stream();
    StringBuilder joined = new StringBuilder();
    for (int id : tokenizer.encode(text)) {
      String piece = stream.next(id);
      assertThat(piece).doesNotContain("\uFFFD");
      joined.append(piece);
    }
    assertThat(joined.append(stream.finish()).toString()).isEqualTo(text);
  }

  @Test
  void anUnfinishedCharacterIsReplacedAtTheEnd() {
    int[] ids = tokenizer.encodePlain("🐋");
    TokenStream stream = tokenizer.stream();
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < ids.length - 1; i++) {
      joined.append(stream.next(ids[i]));
    }
    assertThat(joined).isEmpty();
    assertThat(stream.finish()).contains("\uFFFD");
  }

  @Test
  void trailingWhiteSpaceIsRecognised() {
    assertThat(tokenizer.endsInWhitespace(last("the "))).isTrue();
    assertThat(tokenizer.endsInWhitespace(last("line\n"))).isTrue();
    assertThat(tokenizer.endsInWhitespace(last("the whale"))).isFalse();
    assertThat(tokenizer.endsInWhitespace(0)).isFalse();
  }

  private static int last(String text) {
    int[] ids = tokenizer.encodePlain(text);
    return ids[ids.length - 1];
  }

  @Test
  void aDirectoryWithoutTokenizerIsNamed() {
    assertThatThrownBy(() -> Tokenizer.open(Path.of("nowhere")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokenizer.json");
  }
}
