package io.adaspec.engine.model;

import io.adaspec.engine.model.TensorInfo.Dtype;
import java.util.Map;
import java.util.Optional;

/// Element types of GGUF tensors that can be read: a block of `elements` values takes `bytes`
/// bytes.
enum GgmlType {
  F32(0, 1, 4, null),
  F16(1, 1, 2, null),
  BF16(30, 1, 2, null),
  Q4_0(2, 32, 18, Dequantizer::q40),
  Q4_1(3, 32, 20, Dequantizer::q41),
  Q5_0(6, 32, 22, Dequantizer::q50),
  Q5_1(7, 32, 24, Dequantizer::q51),
  Q8_0(8, 32, 34, Dequantizer::q80),
  Q4_K(12, 256, 144, Dequantizer::q4k),
  Q6_K(14, 256, 210, Dequantizer::q6k);

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(13, "Q5_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"));

  /// Expands the first `blocks` blocks of `from` into `to`.
  @FunctionalInterface
  interface Decoder {
    void decode(byte[] from, int blocks, float[] to);
  }

  private final int id;
  private final int elements;
  private final int bytes;
  private final Decoder decoder;

  GgmlType(int id, int elements, int bytes, Decoder decoder) {
    this.id = id;
    this.elements = elements;
    this.bytes = bytes;
    this.decoder = decoder;
  }

  static Optional<GgmlType> of(int id) {
    for (GgmlType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// How messages name a type, known or not.
  static String describe(int id) {
    String number = Integer.toUnsignedString(id);
    return OTHERS.containsKey(id) ? OTHERS.get(id) + " (" + number + ")" : number;
  }

  int elements() {
    return elements;
  }

  int bytes() {
    return bytes;
  }

  /// The type as weights have it, empty for quantised ones.
  Optional<Dtype> plain() {
    return decoder == null ? Optional.of(Dtype.valueOf(name())) : Optional.empty();
  }

  Decoder decoder() {
    return decoder;
  }
}
