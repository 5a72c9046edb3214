package io.adaspec.engine.model;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The metadata of a GGUF file → [ModelConfig].
final class GgufConfig {
  /// Divisors of the rotary frequencies, written for Llama 3.1 and later.
  static final String ROPE_FACTORS = "rope_freqs.weight";

  private static final String ARCHITECTURE = "llama";
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final GgufFile file;
  private final GgufMetadata metadata;

  private GgufConfig(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
  }

  static ModelConfig read(GgufFile file) {
    try {
      return new GgufConfig(file).config();
    } catch (IllegalArgumentException e) {
      throw new ModelException(file.source() + ": " + e.getMessage(), e);
    }
  }

  private ModelConfig config() {
    String architecture = metadata.string("general.architecture");
    if (!architecture.equals(ARCHITECTURE)) {
      throw metadata.error(
          "general.architecture", "'" + architecture + "' is not supported, only 'llama'");
    }
    refuseWhatWouldComputeSomethingElse();
    int hidden = metadata.integer("llama.embedding_length");
    int heads = metadata.integer("llama.attention.head_count");
    int headDim = metadata.integer("llama.attention.key_length", heads > 0 ? hidden / heads : 0);
    requireEqual("llama.attention.value_length", headDim);
    requireEqual("llama.rope.dimension_count", headDim);
    return new ModelConfig(
        vocabularySize(),
        hidden,
        metadata.integer("llama.feed_forward_length"),
        metadata.integer("llama.block_count"),
        heads,
        metadata.integer("llama.attention.head_count_kv", heads),
        headDim,
        contextLength(),
        metadata.number("llama.attention.layer_norm_rms_epsilon", 0),
        metadata.number("llama.rope.freq_base", 10_000),
        ropeScaling(headDim),
        file.contains("blk.0.attn_q.bias"),
        !file.contains("output.weight"),
        eosIds());
  }

  private void refuseWhatWouldComputeSomethingElse() {
    if (metadata.integer("llama.expert_count", 0) > 0) {
      throw metadata.error(
          "llama.expert_count",
          metadata.integer("llama.expert_count") + ": mixtures of experts are not supported");
    }
    for (String key : List.of("llama.logit_scale", "llama.attention.scale")) {
      if (metadata.has(key)) {
        throw metadata.error(key, "is not supported");
      }
    }
  }

  private void requireEqual(String key, int headDim) {
    int value = metadata.integer(key, headDim);
    if (value != headDim) {
      throw metadata.error(key, "must equal the head size of " + headDim + ": " + value);
    }
  }

  private int vocabularySize() {
    int tokens = metadata.strings("tokenizer.ggml.tokens").size();
    int size = metadata.integer("llama.vocab_size", tokens);
    if (size != tokens) {
      throw metadata.error("llama.vocab_size", size + " differs from the " + tokens + " tokens");
    }
    return size;
  }

  private int contextLength() {
    int context = metadata.integer("llama.context_length");
    int window = metadata.integer("llama.attention.sliding_window", 0);
    return window > 0 ? Math.min(context, window) : context;
  }

  private RopeScaling ropeScaling(int headDim) {
    if (file.contains(ROPE_FACTORS)) {
      return new RopeScaling.Divisors(divisors(headDim));
    }
    String type = metadata.optionalString("llama.rope.scaling.type").orElse("none");
    double factor = metadata.number("llama.rope.scaling.factor", 0);
    return switch (type) {
      case "none" -> {
        double legacy = metadata.number("llama.rope.scale_linear", 1);
        yield legacy == 1 ? new RopeScaling.None() : new RopeScaling.Linear(legacy);
      }
      case "linear" -> new RopeScaling.Linear(factor);
      default ->
          throw metadata.error(
              "llama.rope.scaling.type", "'" + type + "' is not supported, only none and linear");
    };
  }

  private List<Double> divisors(int headDim) {
    GgufFile.Entry entry = file.tensor(ROPE_FACTORS, List.of(headDim / 2L));
    if (entry.type() != GgmlType.F32) {
      throw new CheckpointException(
          file.source() + ": tensor '" + ROPE_FACTORS + "' must be F32: " + entry.type());
    }
    List<Double> divisors = new ArrayList<>();
    for (int i = 0; i < headDim / 2; i++) {
      divisors.add((double) entry.bytes().get(FLOAT, (long) i * Float.BYTES));
    }
    return divisors;
  }

  /// The ids that end a text, a turn and a message.
  private List<Integer> eosIds() {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String name : List.of("eos", "eot", "eom")) {
      metadata.optionalInteger("tokenizer.ggml." + name + "_token_id").ifPresent(ids::add);
    }
    return List.copyOf(ids);
  }
}
