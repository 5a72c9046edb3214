package io.adaspec.engine.model;

import io.adaspec.engine.Mutations;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged model files are refused with a reason, or read; never anything else.
class ModelFilesFuzzTest {
  private static final Set<Class<?>> ERRORS =
      Set.of(ModelException.class, CheckpointException.class);
  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "vocab_size": 32, "hidden_size": 8,
       "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
       "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
       "rope_theta": 10000.0, "hidden_act": "silu", "tie_word_embeddings": true,
       "eos_token_id": 1}
      """;

  @TempDir private Path directory;

  @Test
  void safetensors() {
    byte[][] seeds = {SafetensorsTest.file(SafetensorsTest.HEADER, 32)};
    report(
        "safetensors",
        seeds,
        input -> SafetensorsFile.parse("weights", MemorySegment.ofArray(input)));
  }

  @Test
  void gguf() {
    byte[][] models = {
      GgufTest.tiny(4, 2).tensor("token_embd.weight", 0, new byte[32], 2, 4).toBytes()
    };
    byte[][] tokenizers = {
      new GgufWriter()
          .tokenizer("gpt-2", List.of("<s>", "</s>", "a", "b", "ab"), List.of("a b"), List.of(0, 1))
          .put("tokenizer.ggml.bos_token_id", 0)
          .put("tokenizer.ggml.eos_token_id", 1)
          .toBytes()
    };
    report(
        "gguf",
        models,
        input -> {
          GgufFile file = GgufFile.parse("weights", MemorySegment.ofArray(input));
          GgufConfig.read(file);
        });
    report(
        "gguf tokenizer",
        tokenizers,
        input ->
            new GgufTokenizer(GgufFile.parse("weights", MemorySegment.ofArray(input)).metadata())
                .json());
  }

  @Test
  void configurations() {
    report(
        "config.json",
        Mutations.texts(CONFIG),
        input -> {
          Files.write(directory.resolve("config.json"), input);
          ModelConfig.read(directory);
        });
  }

  @Test
  void tokenizers() {
    String tokenizer =
        """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 0, "content": "<s>", "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false, "special": true}],
         "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
           "trim_offsets": true, "use_regex": true},
         "post_processor": null, "decoder": {"type": "ByteLevel", "add_prefix_space": true,
           "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false,
           "vocab": {"<s>": 0, "a": 1, "b": 2, "ab": 3}, "merges": ["a b"]}}
        """;
    report(
        "tokenizer.json",
        new byte[][] {tokenizer.getBytes(StandardCharsets.UTF_8)},
        input -> {
          Files.write(directory.resolve("tokenizer.json"), input);
          Tokenizer.open(directory).close();
        });
  }

  private static void report(String name, byte[][] seeds, Mutations.Reader reader) {
    System.out.println(Mutations.run(name, seeds, reader, ERRORS));
  }
}
