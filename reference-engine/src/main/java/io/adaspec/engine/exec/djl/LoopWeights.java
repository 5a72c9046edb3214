package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.TensorInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A model's weights for [LoopDecoder]. Components of a query or key head lie as [DecoderScript]
/// stores them, the halves of a rotary pair side by side.
///
/// @param embedding a token's is what its output takes of each input; the head's where they are
///   tied
record LoopWeights(LoopMatrix embedding, List<Layer> layers, float[] norm, LoopMatrix head) {
  /// @param qkv queries, keys and values
  /// @param qkvBias likewise; null for none
  record Layer(
      float[] attentionNorm,
      LoopMatrix qkv,
      float[] qkvBias,
      LoopMatrix out,
      float[] mlpNorm,
      LoopMatrix gate,
      LoopMatrix up,
      LoopMatrix down) {}

  /// @param kind how matrices are stored
  static LoopWeights load(ModelConfig c, Checkpoint checkpoint, LoopMatrix.Kind kind) {
    int hidden = c.hiddenSize();
    int queries = c.heads() * c.headDim();
    Loader loader = new Loader(c, checkpoint, kind);
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < c.layers(); i++) {
      loader.prefix = "model.layers." + i + ".";
      layers.add(
          new Layer(
              loader.vector("input_layernorm.weight", hidden),
              loader.qkv(),
              c.qkvBias() ? loader.qkvBias() : null,
              loader.matrix("self_attn.o_proj", queries, hidden),
              loader.vector("post_attention_layernorm.weight", hidden),
              loader.matrix("mlp.gate_proj", hidden, c.intermediateSize()),
              loader.matrix("mlp.up_proj", hidden, c.intermediateSize()),
              loader.matrix("mlp.down_proj", c.intermediateSize(), hidden)));
    }
    loader.prefix = "";
    LoopMatrix embedding = loader.matrix("model.embed_tokens", hidden, c.vocabularySize());
    return new LoopWeights(
        embedding,
        layers,
        loader.vector("model.norm.weight", hidden),
        c.tiedEmbeddings() ? embedding : loader.matrix("lm_head", hidden, c.vocabularySize()));
  }

  LoopWeights firstLayers(int count) {
    return new LoopWeights(embedding, layers.subList(0, count), norm, head);
  }

  private static final class Loader {
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final LoopMatrix.Kind kind;
    private final int queries;
    private final int keys;
    private String prefix = "";

    Loader(ModelConfig config, Checkpoint checkpoint, LoopMatrix.Kind kind) {
      this.config = config;
      this.checkpoint = checkpoint;
      this.kind = kind;
      this.queries = config.heads() * config.headDim();
      this.keys = config.kvHeads() * config.headDim();
    }

    float[] vector(String name, int size) {
      return floats(checkpoint.tensor(prefix + name, size));
    }

    LoopMatrix matrix(String name, int inputs, int outputs) {
      LoopMatrix matrix = kind.of(inputs, outputs);
      float[] w = floats(checkpoint.tensor(prefix + name + ".weight", outputs, inputs));
      for (int output = 0; output < outputs; output++) {
        matrix.output(output, w, output * inputs, inputs);
      }
      return matrix;
    }

    LoopMatrix qkv() {
      int inputs = config.hiddenSize();
      LoopMatrix matrix = kind.of(inputs, queries + 2 * keys);
      float[] w = floats(checkpoint.tensor(prefix + "self_attn.q_proj.weight", queries, inputs));
      for (int i = 0; i < queries; i++) {
        matrix.output(paired(i), w, i * inputs, inputs);
      }
      w = floats(checkpoint.tensor(prefix + "self_attn.k_proj.weight", keys, inputs));
      for (int i = 0; i < keys; i++) {
        matrix.output(queries + paired(i), w, i * inputs, inputs);
      }
      w = floats(checkpoint.tensor(prefix + "self_attn.v_proj.weight", keys, inputs));
      for (int i = 0; i < keys; i++) {
        matrix.output(queries + keys + i, w, i * inputs, inputs);
      }
      return matrix;
    }

    float[] qkvBias() {
      float[] bias = new float[queries + 2 * keys];
      float[] part = vector("self_attn.q_proj.bias", queries);
      for (int i = 0; i < queries; i++) {
        bias[paired(i)] = part[i];
      }
      part = vector("self_attn.k_proj.bias", keys);
      for (int i = 0; i < keys; i++) {
        bias[queries + paired(i)] = part[i];
      }
      part = vector("self_attn.v_proj.bias", keys);
      System.arraycopy(part, 0, bias, queries + keys, keys);
      return bias;
    }

    /// Component `i` of a head pairs with `i + headDim / 2`, which becomes its neighbour.
    private int paired(int component) {
      int dim = config.headDim();
      int i = component % dim;
      return component - i + (i < dim / 2 ? 2 * i : 2 * i - dim + 1);
    }

    private static float[] floats(TensorInfo tensor) {
      ByteBuffer data = tensor.buffer();
      float[] values = new float[data.remaining() / tensor.dtype().bytes()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (tensor.dtype()) {
              case F32 -> data.getFloat();
              case F16 -> Float.float16ToFloat(data.getShort());
              case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            };
      }
      return values;
    }
  }
}
