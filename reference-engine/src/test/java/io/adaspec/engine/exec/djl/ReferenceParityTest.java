package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.TestModels;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The decoder against logits and greedy continuations that another implementation computed.
final class ReferenceParityTest {
  @ParameterizedTest
  @ValueSource(strings = {"tiny-target", "tiny-draft"})
  void logitsAndGreedyContinuationsEqualTheReference(String name) throws IOException {
    JsonNode reference =
        new ObjectMapper().readTree(TestModels.directory().resolve("reference.json").toFile());
    float[] logits = new float[4096];
    try (DecoderModel model = TestDecoders.load(TestModels.directory().resolve(name))) {
      for (JsonNode prompt : reference.path("prompts")) {
        JsonNode expected = prompt.path("models").path(name);
        TestSequence sequence = new TestSequence(model, 8);
        int[] ids = TestDecoders.ints(prompt.path("ids"));
        sequence.prefill(ids, ids.length).logits(0, logits);
        for (int i = 0; i < 5; i++) {
          assertThat(logits[expected.path("top5_ids").get(i).asInt()])
              .as("%s logit %d", prompt.path("name"), i)
              .isCloseTo((float) expected.path("top5_logits").get(i).asDouble(), within(1e-4f));
        }
        assertThat(sequence.greedy(ids, 48))
            .as(prompt.path("name").asText())
            .isEqualTo(TestDecoders.ints(expected.path("greedy_ids")));
      }
    }
  }
}
