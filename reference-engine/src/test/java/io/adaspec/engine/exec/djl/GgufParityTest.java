package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.TestModels;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model as a Hugging Face directory and as a GGUF file is one model: the same bits, the same
/// tokens.
final class GgufParityTest {
  @TempDir static Path directory;
  private static Path file;

  @BeforeAll
  static void convert() throws IOException {
    file = directory.resolve("tiny.gguf");
    GgufConversion.convert(TestModels.target(), file);
  }

  private static JsonNode prompts() throws IOException {
    return new ObjectMapper()
        .readTree(TestModels.directory().resolve("reference.json").toFile())
        .path("prompts");
  }

  @Test
  void configurationsAreEqual() {
    assertThat(ModelConfig.read(file)).isEqualTo(ModelConfig.read(TestModels.target()));
  }

  @Test
  void logitsAndGreedyTokensAreIdentical() throws IOException {
    float[] expected = new float[4096];
    float[] logits = new float[4096];
    try (DecoderModel directoryModel = TestDecoders.load(TestModels.target());
        DecoderModel fileModel = TestDecoders.load(file)) {
      for (JsonNode prompt : prompts()) {
        int[] ids = TestDecoders.ints(prompt.path("ids"));
        TestSequence fromDirectory = new TestSequence(directoryModel, 8);
        TestSequence fromFile = new TestSequence(fileModel, 8);
        fromDirectory.prefill(ids, ids.length).logits(0, expected);
        fromFile.prefill(ids, ids.length).logits(0, logits);
        assertThat(logits).isEqualTo(expected);
        assertThat(fromFile.greedy(ids, 48)).isEqualTo(fromDirectory.greedy(ids, 48));
      }
    }
  }

  @Test
  void tokenizersAreEqual() throws IOException {
    try (Tokenizer ofDirectory = Tokenizer.open(TestModels.target());
        Tokenizer ofFile = Tokenizer.open(file)) {
      assertThat(ofFile.bosId()).isEqualTo(ofDirectory.bosId());
      assertThat(ofFile.eosId()).isEqualTo(ofDirectory.eosId());
      for (JsonNode prompt : prompts()) {
        sameTokens(ofFile, ofDirectory, prompt.path("text").asText());
      }
      sameTokens(ofFile, ofDirectory, "<|bos|>naïve 鯨 🐋\t12345  don't\r\n\n x<|eos|>é");
    }
  }

  private static void sameTokens(Tokenizer ofFile, Tokenizer ofDirectory, String text) {
    int[] expected = ofDirectory.encodePlain(text);
    assertThat(ofFile.encodePlain(text)).as(text).isEqualTo(expected);
    assertThat(ofFile.encode(text)).as(text).isEqualTo(ofDirectory.encode(text));
    assertThat(ofFile.decode(expected)).isEqualTo(ofDirectory.decode(expected));
  }
}
