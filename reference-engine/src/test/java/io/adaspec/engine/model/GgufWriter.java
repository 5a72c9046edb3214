package io.adaspec.engine.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes GGUF files for tests, defects included: nothing is checked.
public final class GgufWriter {
  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long pairCount;
  private long tensorCount;
  private int alignment = 32;

  /// What comes before the pairs.
  private int magic = 0x46554747;

  private int version = 3;

  public GgufWriter magic(int value) {
    magic = value;
    return this;
  }

  public GgufWriter version(int value) {
    version = value;
    return this;
  }

  GgufWriter counts(long tensorsClaimed, long pairsClaimed) {
    tensorCount = tensorsClaimed;
    pairCount = pairsClaimed;
    return this;
  }

  /// A whole number, an `Float`, a boolean, a text, or a list of one of them.
  public GgufWriter put(String key, Object value) {
    string(pairs, key);
    int32(pairs, typeOf(value));
    value(value);
    pairCount++;
    return this;
  }

  /// A value of a type that [#put] does not write.
  GgufWriter raw(String key, int type, byte... bytes) {
    string(pairs, key);
    int32(pairs, type);
    pairs.writeBytes(bytes);
    pairCount++;
    return this;
  }

  private static int typeOf(Object value) {
    return switch (value) {
      case Integer _ -> 4;
      case Long _ -> 10;
      case Float _ -> 6;
      case Boolean _ -> 7;
      case String _ -> 8;
      case List<?> _ -> 9;
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  private void value(Object value) {
    switch (value) {
      case Integer i -> int32(pairs, i);
      case Long l -> int64(pairs, l);
      case Float f -> int32(pairs, Float.floatToRawIntBits(f));
      case Boolean b -> pairs.write(b ? 1 : 0);
      case String s -> string(pairs, s);
      case List<?> list -> {
        int32(pairs, list.isEmpty() ? 8 : typeOf(list.getFirst()));
        int64(pairs, list.size());
        list.forEach(this::value);
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }

  public GgufWriter align(int value) {
    alignment = value;
    return put("general.alignment", value);
  }

  /// @param type GGML's number
  /// @param shape row-major
  public GgufWriter tensor(String name, int type, byte[] bytes, long... shape) {
    while (data.size() % alignment != 0) {
      data.write(0);
    }
    describe(name, type, data.size(), shape);
    data.writeBytes(bytes);
    return this;
  }

  GgufWriter describe(String name, int type, long offset, long... shape) {
    string(tensors, name);
    int32(tensors, shape.length);
    for (int i = shape.length - 1; i >= 0; i--) {
      int64(tensors, shape[i]);
    }
    int32(tensors, type);
    int64(tensors, offset);
    tensorCount++;
    return this;
  }

  /// Tensor data that no description need fit.
  GgufWriter data(int bytes) {
    data.writeBytes(new byte[bytes]);
    return this;
  }

  public byte[] toBytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int32(file, magic);
    int32(file, version);
    int64(file, tensorCount);
    int64(file, pairCount);
    file.writeBytes(pairs.toByteArray());
    file.writeBytes(tensors.toByteArray());
    while (data.size() > 0 && file.size() % alignment != 0) {
      file.write(0);
    }
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private static void string(ByteArrayOutputStream to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(to, bytes.length);
    to.writeBytes(bytes);
  }

  private static void int32(ByteArrayOutputStream to, int value) {
    to.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void int64(ByteArrayOutputStream to, long value) {
    to.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /// The metadata of a byte-level tokenizer over `tokens`, those whose ids are `control` special.
  public GgufWriter tokenizer(
      String pre, List<String> tokens, List<String> merges, List<Integer> control) {
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      types.add(control.contains(id) ? 3 : 1);
    }
    return put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", pre)
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", types)
        .put("tokenizer.ggml.merges", merges);
  }

  /// The metadata of a `llama` model without its tokenizer.
  public GgufWriter llama(ModelConfig config) {
    return put("general.architecture", "llama")
        .put("llama.vocab_size", config.vocabularySize())
        .put("llama.embedding_length", config.hiddenSize())
        .put("llama.feed_forward_length", config.intermediateSize())
        .put("llama.block_count", config.layers())
        .put("llama.attention.head_count", config.heads())
        .put("llama.attention.head_count_kv", config.kvHeads())
        .put("llama.attention.key_length", config.headDim())
        .put("llama.context_length", config.contextLength())
        .put("llama.attention.layer_norm_rms_epsilon", (float) config.rmsNormEps())
        .put("llama.rope.freq_base", (float) config.ropeTheta());
  }
}
