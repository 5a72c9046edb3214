package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.TensorInfo.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;

/// Writes `model.safetensors` with random weights and remembers their values as the file has them.
final class RandomCheckpoint {
  private final Random random = new Random(5);
  private final Dtype dtype;
  private final Map<String, float[]> weights = new HashMap<>();
  private final StringJoiner header = new StringJoiner(", ", "{", "}");
  private final ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  private RandomCheckpoint(Dtype dtype) {
    this.dtype = dtype;
  }

  static Map<String, float[]> write(Path directory, ModelConfig c, Dtype dtype) throws IOException {
    RandomCheckpoint checkpoint = new RandomCheckpoint(dtype);
    checkpoint.addAll(c);
    byte[] header = checkpoint.header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + checkpoint.data.position())
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header).put(checkpoint.data.flip());
    Files.write(directory.resolve("model.safetensors"), file.array());
    return checkpoint.weights;
  }

  private void addAll(ModelConfig c) {
    add("model.embed_tokens.weight", c.vocabularySize(), c.hiddenSize());
    add("model.norm.weight", c.hiddenSize());
    if (!c.tiedEmbeddings()) {
      add("lm_head.weight", c.vocabularySize(), c.hiddenSize());
    }
    int queries = c.heads() * c.headDim();
    int keys = c.kvHeads() * c.headDim();
    for (int i = 0; i < c.layers(); i++) {
      String layer = "model.layers." + i + ".";
      add(layer + "input_layernorm.weight", c.hiddenSize());
      add(layer + "post_attention_layernorm.weight", c.hiddenSize());
      add(layer + "self_attn.q_proj.weight", queries, c.hiddenSize());
      add(layer + "self_attn.k_proj.weight", keys, c.hiddenSize());
      add(layer + "self_attn.v_proj.weight", keys, c.hiddenSize());
      add(layer + "self_attn.o_proj.weight", c.hiddenSize(), queries);
      add(layer + "mlp.gate_proj.weight", c.intermediateSize(), c.hiddenSize());
      add(layer + "mlp.up_proj.weight", c.intermediateSize(), c.hiddenSize());
      add(layer + "mlp.down_proj.weight", c.hiddenSize(), c.intermediateSize());
      if (c.qkvBias()) {
        add(layer + "self_attn.q_proj.bias", queries);
        add(layer + "self_attn.k_proj.bias", keys);
        add(layer + "self_attn.v_proj.bias", keys);
      }
    }
  }

  private void add(String name, int rows) {
    add(name, "[" + rows + "]", rows, 1);
  }

  private void add(String name, int rows, int columns) {
    add(name, "[" + rows + ", " + columns + "]", rows * columns, 1.5 / Math.sqrt(columns));
  }

  private void add(String name, String shape, int count, double scale) {
    int start = data.position();
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = put((float) (random.nextGaussian() * scale));
    }
    weights.put(name, values);
    header.add(
        "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
            .formatted(name, dtype, shape, start, data.position()));
  }

  /// Writes a value and returns what is left of it.
  private float put(float value) {
    return switch (dtype) {
      case F32 -> {
        data.putFloat(value);
        yield value;
      }
      case F16 -> {
        short half = Float.floatToFloat16(value);
        data.putShort(half);
        yield Float.float16ToFloat(half);
      }
      case BF16 -> {
        int upper = Float.floatToRawIntBits(value) >>> 16;
        data.putShort((short) upper);
        yield Float.intBitsToFloat(upper << 16);
      }
    };
  }
}
