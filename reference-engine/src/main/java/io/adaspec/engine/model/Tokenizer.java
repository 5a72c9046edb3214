package io.adaspec.engine.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The tokenizer of a model: `tokenizer.json` of a Hugging Face directory, with the special tokens
/// and the chat template of `tokenizer_config.json` where it is there; or that of a GGUF file's
/// metadata. Safe for use by several threads until closed.
public final class Tokenizer implements AutoCloseable {
  private static final Map<String, String> WHOLE_TEXT =
      Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");

  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bosId;
  private final OptionalInt eosId;
  private final Optional<ChatTemplate> chatTemplate;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      OptionalInt bosId,
      OptionalInt eosId,
      Optional<ChatTemplate> chatTemplate) {
    this.tokenizer = tokenizer;
    this.bosId = bosId;
    this.eosId = eosId;
    this.chatTemplate = chatTemplate;
  }

  /// @param model a Hugging Face directory or a GGUF file
  /// @throws ModelException where `tokenizer.json` or the metadata are missing or malformed
  public static Tokenizer open(Path model) {
    return ModelFiles.isGguf(model) ? ofGguf(model) : ofDirectory(model);
  }

  private static Tokenizer ofGguf(Path file) {
    GgufTokenizer metadata = new GgufTokenizer(GgufFile.open(file).metadata());
    Map<String, String> specialTokens =
        Map.of("bos_token", metadata.text("bos"), "eos_token", metadata.text("eos"));
    try {
      return new Tokenizer(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(metadata.json()), WHOLE_TEXT),
          metadata.bosId(),
          metadata.eosId(),
          metadata
              .chatTemplate()
              .map(text -> new ChatTemplate(file.toString(), text, specialTokens)));
    } catch (IOException e) {
      throw new ModelException(file + ": not a usable tokenizer: " + e.getMessage(), e);
    }
  }

  private static Tokenizer ofDirectory(Path directory) {
    Path file = directory.resolve("tokenizer.json");
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = Files.newInputStream(file)) {
      JsonNode addedTokens = json.readTree(file.toFile()).path("added_tokens");
      Path configFile = directory.resolve("tokenizer_config.json");
      JsonNode config =
          Files.exists(configFile) ? json.readTree(configFile.toFile()) : json.createObjectNode();
      HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(in, WHOLE_TEXT);
      OptionalInt bos = specialId(config.path("bos_token"), addedTokens);
      return new Tokenizer(
          tokenizer,
          beginsText(tokenizer, config, bos) ? bos : OptionalInt.empty(),
          specialId(config.path("eos_token"), addedTokens),
          chatTemplate(directory, config));
    } catch (IOException | RuntimeException e) {
      throw new ModelException(file + ": not a usable tokenizer: " + e.getMessage(), e);
    }
  }

  /// A BOS token may be named and yet not begin texts.
  private static boolean beginsText(
      HuggingFaceTokenizer tokenizer, JsonNode config, OptionalInt bos) {
    if (config.path("add_bos_token").isBoolean()) {
      return config.path("add_bos_token").booleanValue();
    }
    long[] empty = tokenizer.encode("", true, false).getIds();
    return bos.isPresent() && empty.length > 0 && empty[0] == bos.getAsInt();
  }

  /// `chat_template.jinja`, or the configuration's `chat_template`: a text, or several by name.
  private static Optional<ChatTemplate> chatTemplate(Path directory, JsonNode config)
      throws IOException {
    Path file = directory.resolve("chat_template.jinja");
    JsonNode inConfig = config.path("chat_template");
    String template = inConfig.asText("");
    for (JsonNode named : inConfig) {
      if (named.path("name").asText().equals("default")) {
        template = named.path("template").asText();
      }
    }
    if (Files.exists(file)) {
      template = Files.readString(file);
    }
    return template.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChatTemplate(
                directory.toString(),
                template,
                Map.of(
                    "bos_token", content(config.path("bos_token")),
                    "eos_token", content(config.path("eos_token")))));
  }

  private static String content(JsonNode specialToken) {
    return specialToken.path("content").asText(specialToken.asText(""));
  }

  private static OptionalInt specialId(JsonNode name, JsonNode addedTokens) {
    for (JsonNode token : addedTokens) {
      if (token.path("content").asText().equals(content(name))) {
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

  /// The id that begins every text, for models that want one.
  public OptionalInt bosId() {
    return bosId;
  }

  /// How conversations are written for the model, where the checkpoint says so.
  public Optional<ChatTemplate> chatTemplate() {
    return chatTemplate;
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
