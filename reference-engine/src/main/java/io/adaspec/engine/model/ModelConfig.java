package io.adaspec.engine.model;

import java.nio.file.Path;
import java.util.List;

/// The shape of a decoder of the Llama family: RMS norm, rotary positions, grouped-query attention,
/// SwiGLU.
///
/// @param contextLength most positions that may be attended, the sliding window included where
///   there is one
/// @param qkvBias whether the query, key and value projections have biases
/// @param tiedEmbeddings whether the LM head is the embedding matrix
/// @param eosIds ids that end a generation; may be empty
public record ModelConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int contextLength,
    double rmsNormEps,
    double ropeTheta,
    RopeScaling ropeScaling,
    boolean qkvBias,
    boolean tiedEmbeddings,
    List<Integer> eosIds) {
  public ModelConfig {
    atLeastOne("vocab_size", vocabularySize);
    atLeastOne("hidden_size", hiddenSize);
    atLeastOne("intermediate_size", intermediateSize);
    atLeastOne("num_hidden_layers", layers);
    atLeastOne("num_attention_heads", heads);
    atLeastOne("num_key_value_heads", kvHeads);
    atLeastOne("head_dim", headDim);
    atLeastOne("max_position_embeddings", contextLength);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must be a multiple of num_key_value_heads: "
              + heads
              + ", "
              + kvHeads);
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException("head_dim must be even: " + headDim);
    }
    if (!(rmsNormEps > 0 && rmsNormEps < 1)) {
      throw new IllegalArgumentException("rms_norm_eps must be in (0, 1): " + rmsNormEps);
    }
    if (!(ropeTheta > 0) || Double.isInfinite(ropeTheta)) {
      throw new IllegalArgumentException("rope_theta must be finite and > 0: " + ropeTheta);
    }
    eosIds = List.copyOf(eosIds);
    for (int id : eosIds) {
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "eos_token_id must be in [0, " + vocabularySize + "): " + id);
      }
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1: " + value);
    }
  }

  /// Reads `config.json` of a Hugging Face directory, or the metadata of a GGUF file.
  ///
  /// @throws ModelException where the file is missing, malformed or describes an unsupported model
  public static ModelConfig read(Path model) {
    return ModelFiles.isGguf(model)
        ? GgufConfig.read(GgufFile.open(model))
        : ConfigReader.read(model.resolve("config.json"));
  }

  /// The model's first `count` layers, with its final norm and head.
  public ModelConfig firstLayers(int count) {
    return new ModelConfig(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        count,
        heads,
        kvHeads,
        headDim,
        contextLength,
        rmsNormEps,
        ropeTheta,
        ropeScaling,
        qkvBias,
        tiedEmbeddings,
        eosIds);
  }

  /// Query heads that share a key/value head.
  public int groupSize() {
    return heads / kvHeads;
  }

  /// Rotary frequencies in radians per position, `headDim / 2` of them.
  public double[] rotaryFrequencies() {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = ropeScaling.scale(Math.pow(ropeTheta, -2.0 * i / headDim), i);
    }
    return frequencies;
  }

  /// Weights, an untied head counted.
  public long parameters() {
    long attention = 2L * hiddenSize * headDim * (heads + kvHeads);
    attention += qkvBias ? (long) headDim * (heads + 2 * kvHeads) : 0;
    long mlp = 3L * hiddenSize * intermediateSize;
    long embeddings = (tiedEmbeddings ? 1L : 2L) * vocabularySize * hiddenSize;
    return embeddings + layers * (attention + mlp + 2L * hiddenSize) + hiddenSize;
  }
}
