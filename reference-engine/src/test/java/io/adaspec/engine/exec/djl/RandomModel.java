package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;

/// Writes a Hugging Face directory of any shape with random weights in bf16: what a model of that
/// shape costs can be measured without its weights. The numbers repeat after a while.
public final class RandomModel {
  private static final int PATTERN = 1 << 21;

  private final ModelConfig config;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private RandomModel(ModelConfig config) {
    this.config = config;
  }

  /// @param tokenizer `tokenizer.json` to copy, of no more tokens than the model has
  public static void write(Path directory, ModelConfig config, Path tokenizer) throws IOException {
    RandomModel model = new RandomModel(config);
    model.list();
    Files.createDirectories(directory);
    Files.copy(tokenizer, directory.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("config.json"), model.configJson());
    model.writeWeights(directory.resolve("model.safetensors"));
  }

  private void list() {
    int queries = config.heads() * config.headDim();
    int keys = config.kvHeads() * config.headDim();
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    add("model.embed_tokens.weight", config.vocabularySize(), hidden);
    add("model.norm.weight", hidden);
    if (!config.tiedEmbeddings()) {
      add("lm_head.weight", config.vocabularySize(), hidden);
    }
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      add(layer + "input_layernorm.weight", hidden);
      add(layer + "post_attention_layernorm.weight", hidden);
      add(layer + "self_attn.q_proj.weight", queries, hidden);
      add(layer + "self_attn.k_proj.weight", keys, hidden);
      add(layer + "self_attn.v_proj.weight", keys, hidden);
      add(layer + "self_attn.o_proj.weight", hidden, queries);
      add(layer + "mlp.gate_proj.weight", inner, hidden);
      add(layer + "mlp.up_proj.weight", inner, hidden);
      add(layer + "mlp.down_proj.weight", hidden, inner);
    }
  }

  private void add(String name, long... shape) {
    shapes.put(name, shape);
  }

  private String configJson() {
    return """
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "hidden_act": "silu",
      "vocab_size": %d,
      "hidden_size": %d,
      "intermediate_size": %d,
      "num_hidden_layers": %d,
      "num_attention_heads": %d,
      "num_key_value_heads": %d,
      "head_dim": %d,
      "max_position_embeddings": %d,
      "rms_norm_eps": %s,
      "rope_theta": %s,
      "tie_word_embeddings": %s,
      "torch_dtype": "bfloat16"
    }
    """
        .formatted(
            config.vocabularySize(),
            config.hiddenSize(),
            config.intermediateSize(),
            config.layers(),
            config.heads(),
            config.kvHeads(),
            config.headDim(),
            config.contextLength(),
            config.rmsNormEps(),
            config.ropeTheta(),
            config.tiedEmbeddings());
  }

  private void writeWeights(Path file) throws IOException {
    StringJoiner entries = new StringJoiner(", ", "{\"__metadata__\": {\"format\": \"pt\"}, ", "}");
    long end = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long begin = end;
      StringJoiner shape = new StringJoiner(", ", "[", "]");
      long count = 1;
      for (long size : tensor.getValue()) {
        shape.add(Long.toString(size));
        count *= size;
      }
      end = begin + 2 * count;
      entries.add(
          "\"%s\": {\"dtype\": \"BF16\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
              .formatted(tensor.getKey(), shape, begin, end));
    }
    byte[] header = entries.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer pattern = pattern();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
      write(channel, start.putLong(header.length).put(header).flip());
      for (long left = end; left > 0; left -= pattern.limit()) {
        write(channel, pattern.clear().limit((int) Math.min(left, pattern.capacity())));
      }
    }
  }

  /// Normal numbers of standard deviation 0.02, as models are initialised.
  private static ByteBuffer pattern() {
    Random random = new Random(7);
    ByteBuffer pattern = ByteBuffer.allocateDirect(2 * PATTERN).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PATTERN; i++) {
      int bits = Float.floatToRawIntBits((float) (0.02 * random.nextGaussian()));
      pattern.putShort((short) (bits >>> 16));
    }
    return pattern;
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
