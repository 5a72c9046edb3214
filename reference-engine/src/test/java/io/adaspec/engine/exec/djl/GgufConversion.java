package io.adaspec.engine.exec.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.GgufWriter;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.TensorInfo;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Hugging Face directory of 16-bit weights as a GGUF file, converted as llama.cpp's script does.
final class GgufConversion {
  private static final int F16 = 1;

  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final GgufWriter writer = new GgufWriter();

  private GgufConversion(Checkpoint checkpoint, ModelConfig config) {
    this.checkpoint = checkpoint;
    this.config = config;
  }

  static void convert(Path directory, Path file) throws IOException {
    ModelConfig config = ModelConfig.read(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      GgufConversion conversion = new GgufConversion(checkpoint, config);
      conversion.tokenizer(
          new ObjectMapper().readTree(directory.resolve("tokenizer.json").toFile()));
      conversion.weights();
      Files.write(file, conversion.writer.toBytes());
    }
  }

  private void tokenizer(JsonNode json) {
    String[] tokens = new String[config.vocabularySize()];
    json.path("model")
        .path("vocab")
        .properties()
        .forEach(entry -> tokens[entry.getValue().asInt()] = entry.getKey());
    List<Integer> control = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
      control.add(token.path("id").asInt());
      tokens[control.getLast()] = token.path("content").asText();
    }
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : json.path("model").path("merges")) {
      merges.add(
          merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
    }
    writer
        .llama(config)
        .tokenizer("gpt-2", List.of(tokens), merges, control)
        .put("tokenizer.ggml.bos_token_id", 0)
        .put("tokenizer.ggml.eos_token_id", 1)
        .put("tokenizer.ggml.add_bos_token", true);
  }

  private void weights() {
    int hidden = config.hiddenSize();
    int queries = config.heads() * config.headDim();
    int keys = config.kvHeads() * config.headDim();
    int inner = config.intermediateSize();
    add("model.embed_tokens.weight", "token_embd.weight", 0, config.vocabularySize(), hidden);
    add("model.norm.weight", "output_norm.weight", 0, hidden);
    for (int i = 0; i < config.layers(); i++) {
      String from = "model.layers." + i + ".";
      String to = "blk." + i + ".";
      add(from + "input_layernorm.weight", to + "attn_norm.weight", 0, hidden);
      add(from + "self_attn.q_proj.weight", to + "attn_q.weight", config.heads(), queries, hidden);
      add(from + "self_attn.k_proj.weight", to + "attn_k.weight", config.kvHeads(), keys, hidden);
      add(from + "self_attn.v_proj.weight", to + "attn_v.weight", 0, keys, hidden);
      add(from + "self_attn.o_proj.weight", to + "attn_output.weight", 0, hidden, queries);
      add(from + "post_attention_layernorm.weight", to + "ffn_norm.weight", 0, hidden);
      add(from + "mlp.gate_proj.weight", to + "ffn_gate.weight", 0, inner, hidden);
      add(from + "mlp.up_proj.weight", to + "ffn_up.weight", 0, inner, hidden);
      add(from + "mlp.down_proj.weight", to + "ffn_down.weight", 0, hidden, inner);
    }
  }

  /// @param heads whose rows are reordered from two halves to pairs; 0 for none
  private void add(String from, String to, int heads, long... shape) {
    TensorInfo tensor = checkpoint.tensor(from, shape);
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    writer.tensor(to, F16, heads == 0 ? bytes : paired(bytes, heads, (int) shape[0]), shape);
  }

  /// `[heads, 2, dim / 2]` rows → `[heads, dim / 2, 2]`.
  private static byte[] paired(byte[] rows, int heads, int count) {
    int row = rows.length / count;
    int half = count / heads / 2;
    byte[] out = new byte[rows.length];
    int to = 0;
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < half; i++) {
        for (int side = 0; side < 2; side++) {
          int from = (2 * head + side) * half + i;
          System.arraycopy(rows, from * row, out, row * to++, row);
        }
      }
    }
    return out;
  }
}
