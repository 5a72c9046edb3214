package io.adaspec.workload.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;

/// Reads a file of one JSON object per line, one line at a time. Empty lines are skipped; duplicate
/// keys, truncated objects and anything after an object are refused.
public final class JsonLines {
  private static final ObjectReader OBJECTS =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  private JsonLines() {}

  /// Takes one object and the number of its line, from 1.
  @FunctionalInterface
  public interface Visitor {
    void accept(long line, JsonNode object);
  }

  /// Visits every object of `text`.
  ///
  /// @throws InputFormatException if a line is not exactly one JSON object
  public static void forEach(String source, DigestedText text, Visitor visitor) throws IOException {
    BufferedReader reader = text.reader();
    long number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (!line.isBlank()) {
        visitor.accept(number, parse(source, number, line));
      }
    }
  }

  private static JsonNode parse(String source, long number, String line) throws IOException {
    JsonNode node;
    try {
      node = OBJECTS.readValue(line);
    } catch (JsonProcessingException e) {
      throw InputFormatException.atLine(
          source, number, "is not one JSON object: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw InputFormatException.atLine(source, number, "is not a JSON object", null);
    }
    return node;
  }
}
