package io.adaspec.engine.exec.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;

/// Checkpoint tensors as PyTorch tensors in the order that [DecoderScript]'s `bind` expects.
final class WeightLoader {
  private final PtNDManager manager;
  private final Checkpoint checkpoint;
  private final List<PtNDArray> tensors = new ArrayList<>();
  private boolean halfMatrices = true;

  WeightLoader(PtNDManager manager, Checkpoint checkpoint) {
    this.manager = manager;
    this.checkpoint = checkpoint;
  }

  List<PtNDArray> load(ModelConfig c) {
    int queries = c.heads() * c.headDim();
    int keys = c.kvHeads() * c.headDim();
    add("model.embed_tokens.weight", c.vocabularySize(), c.hiddenSize());
    add("model.norm.weight", c.hiddenSize());
    if (c.tiedEmbeddings()) {
      tensors.add(tensors.getFirst());
    } else {
      add("lm_head.weight", c.vocabularySize(), c.hiddenSize());
    }
    for (int i = 0; i < c.layers(); i++) {
      String layer = "model.layers." + i + ".";
      add(layer + "input_layernorm.weight", c.hiddenSize());
      add(layer + "self_attn.q_proj.weight", queries, c.hiddenSize());
      add(layer + "self_attn.k_proj.weight", keys, c.hiddenSize());
      add(layer + "self_attn.v_proj.weight", keys, c.hiddenSize());
      add(layer + "self_attn.o_proj.weight", c.hiddenSize(), queries);
      add(layer + "post_attention_layernorm.weight", c.hiddenSize());
      add(layer + "mlp.gate_proj.weight", c.intermediateSize(), c.hiddenSize());
      add(layer + "mlp.up_proj.weight", c.intermediateSize(), c.hiddenSize());
      add(layer + "mlp.down_proj.weight", c.hiddenSize(), c.intermediateSize());
      if (c.qkvBias()) {
        add(layer + "self_attn.q_proj.bias", queries);
        add(layer + "self_attn.k_proj.bias", keys);
        add(layer + "self_attn.v_proj.bias", keys);
      } else {
        PtNDArray none = tensors.get(1);
        tensors.addAll(List.of(none, none, none));
      }
    }
    return tensors;
  }

  /// Whether all matrices that have been loaded are stored in f16.
  boolean halfMatrices() {
    return halfMatrices;
  }

  private void add(String name, long... shape) {
    TensorInfo tensor = checkpoint.tensor(name, shape);
    DataType type = tensor.dtype() == TensorInfo.Dtype.F16 ? DataType.FLOAT16 : DataType.FLOAT32;
    halfMatrices &= shape.length == 1 || type == DataType.FLOAT16;
    ByteBuffer data = tensor.dtype() == TensorInfo.Dtype.BF16 ? widened(tensor) : tensor.buffer();
    tensors.add(manager.create(data, new Shape(shape), type));
  }

  /// bf16 is the upper half of f32. (DJL cannot create bf16 tensors: the JVM dies.)
  private static ByteBuffer widened(TensorInfo tensor) {
    ShortBuffer halves = tensor.buffer().asShortBuffer();
    ByteBuffer wide =
        ByteBuffer.allocateDirect(Math.multiplyExact(halves.remaining(), Float.BYTES))
            .order(ByteOrder.nativeOrder());
    IntBuffer words = wide.asIntBuffer();
    for (int i = 0; i < halves.limit(); i++) {
      words.put(i, halves.get(i) << 16);
    }
    return wide;
  }

  /// [#rotations] as a tensor `[positions, headDim / 2, 2]`.
  static PtNDArray rotations(PtNDManager manager, ModelConfig config) {
    float[] rotations = rotations(config);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(rotations.length, Float.BYTES))
            .order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(rotations);
    return manager.create(
        bytes, new Shape(config.contextLength(), config.headDim() / 2, 2), DataType.FLOAT32);
  }

  /// `cos`, `sin` per position and rotary pair.
  static float[] rotations(ModelConfig config) {
    double[] frequencies = config.rotaryFrequencies();
    int positions = config.contextLength();
    float[] rotations = new float[Math.multiplyExact(positions * 2, frequencies.length)];
    int at = 0;
    for (int p = 0; p < positions; p++) {
      for (double frequency : frequencies) {
        rotations[at++] = (float) Math.cos(p * frequency);
        rotations[at++] = (float) Math.sin(p * frequency);
      }
    }
    return rotations;
  }
}
