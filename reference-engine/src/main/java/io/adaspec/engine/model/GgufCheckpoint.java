package io.adaspec.engine.model;

import io.adaspec.engine.model.TensorInfo.Dtype;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The weights of a GGUF file of the `llama` architecture under their Hugging Face names.
///
/// Its converter reorders the rows of the query and key projections so that rotary pairs lie side
/// by side; here they are put back into Hugging Face's order, where component `i` of a head pairs
/// with component `i + headDim / 2`.
final class GgufCheckpoint implements Checkpoint {
  private static final String LAYER = "model.layers.";

  private static final Map<String, String> OUTER =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight");

  private static final Map<String, String> IN_LAYER =
      Map.of(
          "input_layernorm", "attn_norm",
          "self_attn.q_proj", "attn_q",
          "self_attn.k_proj", "attn_k",
          "self_attn.v_proj", "attn_v",
          "self_attn.o_proj", "attn_output",
          "post_attention_layernorm", "ffn_norm",
          "mlp.gate_proj", "ffn_gate",
          "mlp.up_proj", "ffn_up",
          "mlp.down_proj", "ffn_down");

  /// Bytes that one task expands.
  private static final int CHUNK = 1 << 16;

  private final GgufFile file;
  private final ModelConfig config;
  private final Arena copies = Arena.ofShared();

  GgufCheckpoint(GgufFile file) {
    this.file = file;
    this.config = GgufConfig.read(file);
    refuseUnknown();
  }

  /// A tensor that nobody asks for would compute something else.
  private void refuseUnknown() {
    for (String name : file.names()) {
      boolean known =
          OUTER.containsValue(name)
              || name.equals(GgufConfig.ROPE_FACTORS)
              || name.startsWith("blk.") && isInLayer(name);
      if (!known) {
        throw new CheckpointException(
            file.source() + ": tensor '" + name + "' is not one of a plain Llama model");
      }
    }
  }

  private boolean isInLayer(String name) {
    String[] parts = name.split("\\.", -1);
    boolean bias =
        config.qkvBias()
            && parts.length == 4
            && parts[3].equals("bias")
            && List.of("attn_q", "attn_k", "attn_v").contains(parts[2]);
    return parts.length == 4
        && IN_LAYER.containsValue(parts[2])
        && (parts[3].equals("weight") || bias);
  }

  private String ggufName(String name) {
    if (OUTER.containsKey(name)) {
      return OUTER.get(name);
    }
    if (name.startsWith(LAYER)) {
      int layerEnd = name.indexOf('.', LAYER.length());
      int kind = name.lastIndexOf('.');
      String inner = kind > layerEnd ? IN_LAYER.get(name.substring(layerEnd + 1, kind)) : null;
      if (inner != null) {
        return "blk." + name.substring(LAYER.length(), layerEnd + 1) + inner + name.substring(kind);
      }
    }
    throw new CheckpointException(file.source() + ": no such tensor in a Llama model: " + name);
  }

  @Override
  public TensorInfo tensor(String name, long... shape) {
    List<Long> wanted = Arrays.stream(shape).boxed().toList();
    GgufFile.Entry entry = file.tensor(ggufName(name), wanted);
    MemorySegment bytes = entry.bytes();
    if (name.contains(".q_proj.")) {
      bytes = halvesApart(bytes, config.heads());
    } else if (name.contains(".k_proj.")) {
      bytes = halvesApart(bytes, config.kvHeads());
    }
    if (entry.type().plain().isPresent()) {
      Dtype dtype = entry.type().plain().get();
      return new TensorInfo(file.source(), entry.name(), dtype, wanted, bytes);
    }
    MemorySegment floats = expanded(entry.type(), bytes);
    return new TensorInfo(file.source(), entry.name(), Dtype.F32, wanted, floats);
  }

  /// Row `2·i + h` of a head goes back to row `h · headDim/2 + i`. Quantised blocks never span
  /// rows, so rows move as bytes.
  private MemorySegment halvesApart(MemorySegment rows, int heads) {
    int dim = config.headDim();
    long rowBytes = rows.byteSize() / ((long) heads * dim);
    MemorySegment ordered = copies.allocate(rows.byteSize(), Float.BYTES);
    for (int head = 0; head < heads; head++) {
      long base = (long) head * dim;
      for (int row = 0; row < dim; row++) {
        long to = base + row % 2 * (dim / 2L) + row / 2;
        MemorySegment.copy(rows, (base + row) * rowBytes, ordered, to * rowBytes, rowBytes);
      }
    }
    return ordered;
  }

  private MemorySegment expanded(GgmlType type, MemorySegment blocks) {
    long count = blocks.byteSize() / type.bytes();
    MemorySegment floats =
        copies.allocate(count * type.elements() * Float.BYTES, ValueLayout.JAVA_FLOAT.byteSize());
    int perTask = CHUNK / type.bytes();
    int tasks = Math.toIntExact(Math.ceilDiv(count, perTask));
    IntStream.range(0, tasks)
        .parallel()
        .forEach(
            task -> {
              long first = (long) task * perTask;
              int some = (int) Math.min(perTask, count - first);
              byte[] from = new byte[some * type.bytes()];
              float[] to = new float[some * type.elements()];
              MemorySegment.copy(
                  blocks, ValueLayout.JAVA_BYTE, first * type.bytes(), from, 0, from.length);
              type.decoder().decode(from, some, to);
              long at = first * type.elements() * Float.BYTES;
              MemorySegment.copy(to, 0, floats, ValueLayout.JAVA_FLOAT, at, to.length);
            });
    return floats;
  }

  /// Frees what was expanded or reordered.
  @Override
  public void close() {
    copies.close();
  }
}
