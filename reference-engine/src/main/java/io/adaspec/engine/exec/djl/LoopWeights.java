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
  /// @param qkvBias queries', keys' and values'; null for none
  record Layer(
      float[] attentionNorm,
      LoopMatrix queries,
      LoopMatrix keys,
      LoopMatrix values,
      float[][] qkvBias,
      LoopMatrix out,
      float[] mlpNorm,
      LoopMatrix gate,
      LoopMatrix up,
      LoopMatrix down) {}

  static LoopWeights load(ModelConfig c, Checkpoint checkpoint) {
    int hidden = c.hiddenSize();
    int queries = c.heads() * c.headDim();
    int keys = c.kvHeads() * c.headDim();
    Loader loader = new Loader(c, checkpoint);
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < c.layers(); i++) {
      loader.prefix = "model.layers." + i + ".";
      layers.add(
          new Layer(
              loader.vector("input_layernorm.weight", hidden),
              loader.heads("self_attn.q_proj", c.heads()),
              loader.heads("self_attn.k_proj", c.kvHeads()),
              loader.matrix("self_attn.v_proj", hidden, keys),
              c.qkvBias() ? loader.biases() : null,
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

  private static final class Loader {
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private String prefix = "";

    Loader(ModelConfig config, Checkpoint checkpoint) {
      this.config = config;
      this.checkpoint = checkpoint;
    }

    float[] vector(String name, int size) {
      return floats(checkpoint.tensor(prefix + name, size));
    }

    LoopMatrix matrix(String name, int inputs, int outputs) {
      float[] w = floats(checkpoint.tensor(prefix + name + ".weight", outputs, inputs));
      LoopMatrix matrix = new LoopMatrix(inputs, outputs);
      for (int output = 0; output < outputs; output++) {
        matrix.output(output, w, output * inputs, inputs);
      }
      return matrix;
    }

    LoopMatrix heads(String name, int heads) {
      int inputs = config.hiddenSize();
      int outputs = heads * config.headDim();
      float[] w = floats(checkpoint.tensor(prefix + name + ".weight", outputs, inputs));
      LoopMatrix matrix = new LoopMatrix(inputs, outputs);
      for (int output = 0; output < outputs; output++) {
        matrix.output(paired(output), w, output * inputs, inputs);
      }
      return matrix;
    }

    float[][] biases() {
      int keys = config.kvHeads() * config.headDim();
      return new float[][] {
        paired(vector("self_attn.q_proj.bias", config.heads() * config.headDim())),
        paired(vector("self_attn.k_proj.bias", keys)),
        vector("self_attn.v_proj.bias", keys)
      };
    }

    private float[] paired(float[] components) {
      float[] paired = new float[components.length];
      for (int i = 0; i < components.length; i++) {
        paired[paired(i)] = components[i];
      }
      return paired;
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
