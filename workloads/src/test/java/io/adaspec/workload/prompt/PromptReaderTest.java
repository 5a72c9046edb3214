package io.adaspec.workload.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.SharedData;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptReaderTest {
  @Test
  void specBenchTakesTheFirstTurn() throws IOException {
    PromptSet set =
        read("{\"question_id\": 81, \"category\": \"writing\", \"turns\": [\"one\", \"two\"]}");

    assertThat(set.prompts()).containsExactly(new Prompt("81", "writing", "one"));
  }

  @Test
  void plainLinesMayLackIdAndCategory() throws IOException {
    PromptSet set =
        read(
            """
            {"text": "a"}

            {"prompt": "b", "id": "x", "category": "c", "tokens": 5}
            {"text": "d", "domain": "math"}
            """);

    assertThat(set.prompts())
        .containsExactly(
            new Prompt("line-1", "uncategorized", "a"),
            new Prompt("x", "c", "b"),
            new Prompt("line-4", "math", "d"));
    assertThat(set.byCategory().keySet()).containsExactly("c", "math", "uncategorized");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|f: is empty",
        "{\"id\": \"1\"}|f:1: has none of turns, text and prompt",
        "{\"text\": 5}|f:1: column text: is not a text: \"5\"",
        "{\"text\": \" \"}|f:1: has a blank prompt",
        "{\"turns\": []}|f:1: column turns: is not a list of texts: \"[]\"",
        "{\"turns\": [5]}|f:1: column turns: is not a list of texts: \"[5]\"",
        "{\"text\": \"a\", \"id\": []}|f:1: column id: is neither a text nor a whole number",
        "{\"text\": \"a|f:1: is not one JSON object",
        "null|f:1: is not a JSON object"
      })
  void faultsAreLocated(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputFormatException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aRepeatedIdIsRefusedWithBothLines() {
    assertThatThrownBy(() -> read("{\"text\":\"a\",\"id\":\"p\"}\n{\"text\":\"b\",\"id\":\"p\"}\n"))
        .isInstanceOf(InputFormatException.class)
        .hasMessage("f:2: column id: is already on line 1: \"p\"");
  }

  @Test
  void sharedSpecBench() throws IOException {
    PromptSet set = PromptSet.read(SharedData.require("prompts/spec-bench.jsonl"));

    assertThat(set.prompts()).hasSize(480);
    assertThat(set.byCategory()).hasSize(13);
    assertThat(set.byCategory().get("translation")).hasSize(80);
  }

  private static PromptSet read(String text) throws IOException {
    return PromptReader.read(InputSource.text("f", text));
  }
}
