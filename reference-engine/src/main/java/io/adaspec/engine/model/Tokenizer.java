package io.adaspec.engine.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/// The tokenizer of a Hugging Face model directory: `tokenizer.json`, and the names of the special
/// tokens from `tokenizer_config.json` where it is there. Safe for use by several threads until
/// closed.
public final class Tokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bosId;
  private final OptionalInt eosId;

  private Tokenizer(HuggingFaceTokenizer tokenizer, OptionalInt bosId, OptionalInt eosId) {
    this.tokenizer = tokenizer;
    this.bosId = bosId;
    this.eosId = eosId;
  }

  /// @throws ModelException where `tokenizer.json` is missing or malformed
  public static Tokenizer open(Path directory) {
    Path file = directory.resolve("tokenizer.json");
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = Files.newInputStream(file)) {
      JsonNode addedTokens = json.readTree(file.toFile()).path("added_tokens");
      Path configFile = directory.resolve("tokenizer_config.json");
      JsonNode config =
          Files.exists(configFile) ? json.readTree(configFile.toFile()) : json.createObjectNode();
      Map<String, String> wholeText =
          Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");
      return new Tokenizer(
          HuggingFaceTokenizer.newInstance(in, wholeText),
          specialId(config.path("bos_token"), addedTokens),
          specialId(config.path("eos_token"), addedTokens));
    } catch (IOException | RuntimeException e) {
      throw new ModelException(file + ": not a usable tokenizer: " + e.getMessage(), e);
    }
  }

  private static OptionalInt specialId(JsonNode name, JsonNode addedTokens) {
    String content = name.path("content").asText(name.asText(""));
    for (JsonNode token : addedTokens) {
      if (token.path("content").asText().equals(content)) {
        return OptionalInt.of(token.path("id").asInt());
      }
    }
    return OptionalInt.empty();
  }

  /// Token ids of `text` with the special tokens that the tokenizer's post-processor adds, such as
  /// the one that begins a sequence. Never truncated.
  public int[] encode(String text) {
    return ids(text, true);
  }

  /// Token ids of `text` and nothing else.
  public int[] encodePlain(String text) {
    return ids(text, false);
  }

  private int[] ids(String text, boolean withSpecialTokens) {
    long[] ids = tokenizer.encode(text, withSpecialTokens, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  /// The text of `ids`, special tokens left out; bytes that are not UTF-8 become U+FFFD.
  public String decode(int... ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  /// A decoder for the tokens of one generation, as they arrive.
  public TokenStream stream() {
    return new TokenStream(this);
  }

  /// The id that begins a sequence.
  public OptionalInt bosId() {
    return bosId;
  }

  /// The id that ends a sequence.
  public OptionalInt eosId() {
    return eosId;
  }

  /// Whether the token's text ends in white space. Such a token at the end of a prompt keeps the
  /// model from continuing with the word tokens it was trained on, which carry their leading space
  /// themselves.
  public boolean endsInWhitespace(int id) {
    String text = decode(id);
    return !text.isEmpty() && Character.isWhitespace(text.codePointBefore(text.length()));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
