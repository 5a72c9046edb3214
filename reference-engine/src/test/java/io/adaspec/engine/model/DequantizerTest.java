package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every quantised type against a decoder that computes one value at a time from the block's bits.
final class DequantizerTest {
  private static final int ROWS = 3;

  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q6_K"})
  void blocksOfAnyBits(GgmlType type) {
    int columns = 2 * type.elements();
    byte[] blocks = randomBlocks(type, ROWS * columns / type.elements());
    byte[] file =
        GgufTest.tiny(columns, ROWS)
            .tensor("token_embd.weight", GgufTest.id(type), blocks, ROWS, columns)
            .toBytes();
    try (GgufCheckpoint checkpoint =
        new GgufCheckpoint(GgufFile.parse("weights", MemorySegment.ofArray(file)))) {
      TensorInfo tensor = checkpoint.tensor("model.embed_tokens.weight", ROWS, columns);
      assertThat(tensor.dtype()).isEqualTo(TensorInfo.Dtype.F32);
      assertThat(tensor.shape()).isEqualTo(List.of((long) ROWS, (long) columns));
      ByteBuffer floats = tensor.buffer();
      for (int i = 0; i < ROWS * columns; i++) {
        ByteBuffer block =
            ByteBuffer.wrap(blocks, i / type.elements() * type.bytes(), type.bytes())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        float expected = value(type, block, i % type.elements());
        assertThat(floats.getFloat()).as("%s, value %d", type, i).isEqualTo(expected);
      }
    }
  }

  /// Any bits, but scales that are finite numbers.
  private static byte[] randomBlocks(GgmlType type, int count) {
    Random random = new Random(type.name().hashCode());
    byte[] bytes = new byte[count * type.bytes()];
    random.nextBytes(bytes);
    for (int b = 0; b < count; b++) {
      ByteBuffer block =
          ByteBuffer.wrap(bytes, b * type.bytes(), type.bytes())
              .slice()
              .order(ByteOrder.LITTLE_ENDIAN);
      int[] halves =
          switch (type) {
            case Q4_1, Q5_1, Q4_K -> new int[] {0, 2};
            case Q6_K -> new int[] {208};
            default -> new int[] {0};
          };
      for (int at : halves) {
        block.putShort(at, Float.floatToFloat16((float) random.nextGaussian()));
      }
    }
    return bytes;
  }

  private static float value(GgmlType type, ByteBuffer block, int i) {
    int nibble = i < 16 ? 0 : 4;
    return switch (type) {
      case Q4_0 -> half(block, 0) * (bits(block.get(2 + i % 16), nibble, 4) - 8);
      case Q4_1 -> half(block, 0) * bits(block.get(4 + i % 16), nibble, 4) + half(block, 2);
      case Q5_0 -> {
        int fifth = bits(block.get(2 + i / 8), i % 8, 1);
        yield half(block, 0) * (16 * fifth + bits(block.get(6 + i % 16), nibble, 4) - 16);
      }
      case Q5_1 -> {
        int fifth = bits(block.get(4 + i / 8), i % 8, 1);
        int quant = 16 * fifth + bits(block.get(8 + i % 16), nibble, 4);
        yield half(block, 0) * quant + half(block, 2);
      }
      case Q8_0 -> half(block, 0) * block.get(2 + i);
      case Q4_K -> {
        int pair = i / 64;
        int quant = bits(block.get(16 + 32 * pair + i % 32), i % 64 < 32 ? 0 : 4, 4);
        int[] scaleAndMinimum = packed(block, i / 32);
        yield half(block, 0) * scaleAndMinimum[0] * quant - half(block, 2) * scaleAndMinimum[1];
      }
      case Q6_K -> {
        int inHalf = i % 128;
        int low = bits(block.get(i / 128 * 64 + inHalf % 64), inHalf < 64 ? 0 : 4, 4);
        int high = bits(block.get(128 + i / 128 * 32 + inHalf % 32), inHalf / 32 * 2, 2);
        yield half(block, 208) * block.get(192 + i / 16) * (16 * high + low - 32);
      }
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  /// The six-bit scale and minimum of a group of 32, from the twelve bytes as one number each:
  /// bytes 0 to 3 hold scales 0 to 3 and on top the upper bits of scales 4 to 7; bytes 4 to 7 the
  /// minima alike; bytes 8 to 11 the lower bits of scales and minima 4 to 7.
  private static int[] packed(ByteBuffer block, int group) {
    byte scales = block.get(4 + group % 4);
    byte minima = block.get(8 + group % 4);
    byte lower = block.get(12 + group % 4);
    return group < 4
        ? new int[] {bits(scales, 0, 6), bits(minima, 0, 6)}
        : new int[] {
          16 * bits(scales, 6, 2) + bits(lower, 0, 4), 16 * bits(minima, 6, 2) + bits(lower, 4, 4)
        };
  }

  private static int bits(byte value, int from, int count) {
    return Byte.toUnsignedInt(value) / (1 << from) % (1 << count);
  }

  private static float half(ByteBuffer block, int at) {
    return Float.float16ToFloat(block.getShort(at));
  }

  /// More than one task expands, and the last one is shorter.
  @Test
  void largeTensorsAreExpandedInParts() {
    int columns = 32 * 5000;
    byte[] blocks = randomBlocks(GgmlType.Q8_0, columns / 32);
    byte[] file =
        GgufTest.tiny(columns, 1).tensor("token_embd.weight", 8, blocks, 1, columns).toBytes();
    try (GgufCheckpoint checkpoint =
        new GgufCheckpoint(GgufFile.parse("weights", MemorySegment.ofArray(file)))) {
      ByteBuffer floats = checkpoint.tensor("model.embed_tokens.weight", 1, columns).buffer();
      ByteBuffer all = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < columns; i++) {
        float scale = Float.float16ToFloat(all.getShort(i / 32 * 34));
        assertThat(floats.getFloat()).isEqualTo(scale * blocks[i / 32 * 34 + 2 + i % 32]);
      }
    }
  }
}
