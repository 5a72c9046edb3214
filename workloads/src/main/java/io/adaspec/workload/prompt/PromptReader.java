package io.adaspec.workload.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaspec.workload.input.DigestedText;
import io.adaspec.workload.input.InputFormatException;
import io.adaspec.workload.input.InputSource;
import io.adaspec.workload.input.JsonLines;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads prompts from JSONL. Each line is one of
///
/// - Spec-Bench: `question_id`, `category`, `turns`; the first turn is the prompt;
/// - plain: `text` or `prompt`, and optionally `id` and `category` (or `domain`).
///
/// A prompt without an id is named after its line, one without a category is `uncategorized`. Other
/// keys are ignored.
public final class PromptReader {
  private static final List<String> TEXT_KEYS = List.of("text", "prompt");
  private static final List<String> ID_KEYS = List.of("id", "question_id");
  private static final List<String> CATEGORY_KEYS = List.of("category", "domain");

  private PromptReader() {}

  /// Reads the whole source.
  ///
  /// @throws InputFormatException if a line is not a prompt, an id occurs twice or there is none
  /// @throws IOException if the source cannot be read
  public static PromptSet read(InputSource source) throws IOException {
    return DigestedText.parse(
        source,
        text -> {
          Map<String, Prompt> prompts = new LinkedHashMap<>();
          Map<String, Long> lines = new HashMap<>();
          JsonLines.forEach(
              source.name(),
              text,
              (line, object) -> {
                Prompt prompt = prompt(source.name(), line, object);
                Long earlier = lines.put(prompt.id(), line);
                if (earlier != null) {
                  throw InputFormatException.atValue(
                      source.name(), line, "id", prompt.id(), "is already on line " + earlier);
                }
                prompts.put(prompt.id(), prompt);
              });
          if (prompts.isEmpty()) {
            throw InputFormatException.ofSource(source.name(), "is empty");
          }
          return new PromptSet(source.name(), text.sha256Hex(), List.copyOf(prompts.values()));
        });
  }

  private static Prompt prompt(String source, long line, JsonNode object) {
    String text = text(source, line, object);
    if (text.isBlank()) {
      throw InputFormatException.atLine(source, line, "has a blank prompt", null);
    }
    return new Prompt(
        scalar(source, line, object, ID_KEYS).orElse("line-" + line),
        scalar(source, line, object, CATEGORY_KEYS).orElse("uncategorized"),
        text);
  }

  private static String text(String source, long line, JsonNode object) {
    JsonNode turns = object.get("turns");
    if (turns != null) {
      if (!turns.isArray() || turns.isEmpty() || !turns.get(0).isTextual()) {
        throw InputFormatException.atValue(
            source, line, "turns", turns.toString(), "is not a list of texts");
      }
      return turns.get(0).textValue();
    }
    for (String key : TEXT_KEYS) {
      JsonNode value = object.get(key);
      if (value != null) {
        if (!value.isTextual()) {
          throw InputFormatException.atValue(source, line, key, value.toString(), "is not a text");
        }
        return value.textValue();
      }
    }
    throw InputFormatException.atLine(source, line, "has none of turns, text and prompt", null);
  }

  private static Optional<String> scalar(
      String source, long line, JsonNode object, List<String> keys) {
    for (String key : keys) {
      JsonNode value = object.get(key);
      if (value != null) {
        if (!value.isTextual() && !value.isIntegralNumber()) {
          throw InputFormatException.atValue(
              source, line, key, value.toString(), "is neither a text nor a whole number");
        }
        return Optional.of(value.asText());
      }
    }
    return Optional.empty();
  }
}
