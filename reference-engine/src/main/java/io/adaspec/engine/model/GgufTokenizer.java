package io.adaspec.engine.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The tokenizer in a GGUF file's metadata, written as the `tokenizer.json` that says the same:
/// byte-level BPE (`gpt2`), whose merges the file holds.
///
/// The file names its pre-tokenizer and leaves the rules to the reader; those of the names known
/// here are the ones in the Hugging Face tokenizers that llama.cpp's converter gives the names to.
final class GgufTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String WORDS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /// How text is cut before merging, by the name in the file.
  ///
  /// @param digits cut off every digit first
  /// @param pattern the cuts as a regular expression; empty for GPT-2's own
  /// @param wholeWords a piece that is a token is one, whatever the merges would make of it
  /// @param composed Unicode normal form C first
  /// @param startsText whether a text begins with the BOS token unless the file says otherwise
  private record PreTokenizer(
      boolean digits,
      Optional<String> pattern,
      boolean wholeWords,
      boolean composed,
      boolean startsText) {}

  private static final Map<String, PreTokenizer> PRE_TOKENIZERS =
      Map.of(
          "gpt-2", new PreTokenizer(false, Optional.empty(), false, false, false),
          "smollm", new PreTokenizer(true, Optional.empty(), false, false, false),
          "llama-bpe",
              new PreTokenizer(
                  false,
                  Optional.of(CONTRACTIONS + WORDS + "\\p{N}{1,3}" + REST),
                  true,
                  false,
                  true),
          "qwen2",
              new PreTokenizer(
                  false, Optional.of(CONTRACTIONS + WORDS + "\\p{N}" + REST), false, true, false));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final PreTokenizer rules;

  /// @throws ModelException where the metadata describes no tokenizer that is supported
  GgufTokenizer(GgufMetadata metadata) {
    this.metadata = metadata;
    String model = metadata.string(PREFIX + "model");
    if (!model.equals("gpt2")) {
      throw metadata.error(
          PREFIX + "model",
          "'"
              + model
              + "' is not supported, only byte-level BPE ('gpt2'): use the model's Hugging"
              + " Face directory");
    }
    String name = metadata.string(PREFIX + "pre");
    rules = PRE_TOKENIZERS.get(name);
    if (rules == null) {
      throw metadata.error(
          PREFIX + "pre",
          "'%s' is not supported, only %s"
              .formatted(name, PRE_TOKENIZERS.keySet().stream().sorted().toList()));
    }
    tokens = metadata.strings(PREFIX + "tokens");
  }

  /// The token that begins a text, where the model wants one.
  OptionalInt bosId() {
    boolean wanted = metadata.bool(PREFIX + "add_bos_token", rules.startsText());
    return wanted ? id("bos") : OptionalInt.empty();
  }

  OptionalInt eosId() {
    return id("eos");
  }

  /// The token's text, for chat templates; empty where there is none.
  String text(String kind) {
    OptionalInt id = id(kind);
    return id.isPresent() ? tokens.get(id.getAsInt()) : "";
  }

  private OptionalInt id(String kind) {
    String key = PREFIX + kind + "_token_id";
    OptionalInt id = metadata.optionalInteger(key);
    if (id.isPresent() && id.getAsInt() >= tokens.size()) {
      throw metadata.error(key, "must be in [0, " + tokens.size() + "): " + id.getAsInt());
    }
    return id;
  }

  Optional<String> chatTemplate() {
    return metadata.optionalString("tokenizer.chat_template");
  }

  /// The `tokenizer.json`.
  byte[] json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    addedTokens(root.putArray("added_tokens"));
    if (rules.composed()) {
      root.putObject("normalizer").put("type", "NFC");
    } else {
      root.putNull("normalizer");
    }
    preTokenizer(root.putObject("pre_tokenizer"));
    if (bosId().isPresent()) {
      beginWithBos(root.putObject("post_processor"), bosId().getAsInt());
    } else {
      root.putNull("post_processor");
    }
    byteLevel(root.putObject("decoder"), true);
    model(root.putObject("model"));
    try {
      return JSON.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addedTokens(ArrayNode added) {
    List<Integer> types = metadata.integers(PREFIX + "token_type");
    if (types.size() != tokens.size()) {
      throw metadata.error(
          PREFIX + "token_type",
          "has %d entries for %d tokens".formatted(types.size(), tokens.size()));
    }
    for (int id = 0; id < tokens.size(); id++) {
      boolean special = types.get(id) == CONTROL;
      if (special || types.get(id) == USER_DEFINED) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", special);
      }
    }
  }

  private void preTokenizer(ObjectNode sequence) {
    sequence.put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    if (rules.digits()) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
    }
    if (rules.pattern().isPresent()) {
      ObjectNode split = steps.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", rules.pattern().get());
      split.put("behavior", "Isolated").put("invert", false);
    }
    byteLevel(steps.addObject(), rules.pattern().isEmpty());
  }

  private void beginWithBos(ObjectNode template, int bos) {
    String text = tokens.get(bos);
    template.put("type", "TemplateProcessing");
    for (String kind : List.of("single", "pair")) {
      ArrayNode parts = template.putArray(kind);
      parts.addObject().putObject("SpecialToken").put("id", text).put("type_id", 0);
      parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      if (kind.equals("pair")) {
        parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
      }
    }
    ObjectNode special = template.putObject("special_tokens").putObject(text);
    special.put("id", text);
    special.putArray("ids").add(bos);
    special.putArray("tokens").add(text);
  }

  private static void byteLevel(ObjectNode node, boolean useRegex) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", useRegex);
  }

  private void model(ObjectNode model) {
    model.put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", rules.wholeWords());
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      if (vocabulary.has(tokens.get(id))) {
        throw metadata.error(
            PREFIX + "tokens",
            "holds '%s' twice: %s, %d"
                .formatted(tokens.get(id), vocabulary.get(tokens.get(id)), id));
      }
      vocabulary.put(tokens.get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    for (String merge : metadata.strings(PREFIX + "merges")) {
      int space = merge.indexOf(' ');
      boolean parts =
          space > 0
              && vocabulary.has(merge.substring(0, space))
              && vocabulary.has(merge.substring(space + 1))
              && vocabulary.has(merge.substring(0, space) + merge.substring(space + 1));
      if (!parts) {
        throw metadata.error(
            PREFIX + "merges", "entry " + merges.size() + " joins no two tokens: '" + merge + "'");
      }
      merges.add(merge);
    }
  }
}
