package io.adaspec.engine.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// GGML's quantised blocks as floats, each value computed in the order of operations of the
/// format's reference: scale times quant, then the offset.
final class Dequantizer {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Dequantizer() {}

  private static float half(byte[] from, int at) {
    return Float.float16ToFloat((short) SHORT.get(from, at));
  }

  /// 32 values: scale, 4-bit quants around 8.
  static void q40(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 18 * b;
      int out = 32 * b;
      float scale = half(from, at);
      for (int j = 0; j < 16; j++) {
        int pair = from[at + 2 + j];
        to[out + j] = scale * ((pair & 15) - 8);
        to[out + 16 + j] = scale * ((pair >> 4 & 15) - 8);
      }
    }
  }

  /// 32 values: scale, minimum, 4-bit quants.
  static void q41(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 20 * b;
      int out = 32 * b;
      float scale = half(from, at);
      float minimum = half(from, at + 2);
      for (int j = 0; j < 16; j++) {
        int pair = from[at + 4 + j];
        to[out + j] = scale * (pair & 15) + minimum;
        to[out + 16 + j] = scale * (pair >> 4 & 15) + minimum;
      }
    }
  }

  /// 32 values: scale, the quants' fifth bits, their lower four, around 16.
  static void q50(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 22 * b;
      int out = 32 * b;
      float scale = half(from, at);
      int fifth = (int) INT.get(from, at + 2);
      for (int j = 0; j < 16; j++) {
        int pair = from[at + 6 + j];
        to[out + j] = scale * ((pair & 15 | (fifth >>> j & 1) << 4) - 16);
        to[out + 16 + j] = scale * ((pair >> 4 & 15 | (fifth >>> j + 16 & 1) << 4) - 16);
      }
    }
  }

  /// 32 values: scale, minimum, the quants' fifth bits, their lower four.
  static void q51(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 24 * b;
      int out = 32 * b;
      float scale = half(from, at);
      float minimum = half(from, at + 2);
      int fifth = (int) INT.get(from, at + 4);
      for (int j = 0; j < 16; j++) {
        int pair = from[at + 8 + j];
        to[out + j] = scale * (pair & 15 | (fifth >>> j & 1) << 4) + minimum;
        to[out + 16 + j] = scale * (pair >> 4 & 15 | (fifth >>> j + 16 & 1) << 4) + minimum;
      }
    }
  }

  /// 32 values: scale, signed bytes.
  static void q80(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 34 * b;
      int out = 32 * b;
      float scale = half(from, at);
      for (int j = 0; j < 32; j++) {
        to[out + j] = scale * from[at + 2 + j];
      }
    }
  }

  /// 256 values: scale of the scales and of the minima, eight of both in 6 bits each, 4-bit quants.
  static void q4k(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 144 * b;
      float scales = half(from, at);
      float minima = half(from, at + 2);
      for (int group = 0; group < 8; group++) {
        float scale = scales * sixBits(from, at + 4, group, false);
        float minimum = minima * sixBits(from, at + 4, group, true);
        int quants = at + 16 + 32 * (group / 2);
        int shift = 4 * (group % 2);
        int out = 256 * b + 32 * group;
        for (int j = 0; j < 32; j++) {
          to[out + j] = scale * (from[quants + j] >> shift & 15) - minimum;
        }
      }
    }
  }

  /// Scale or minimum `group` of twelve packed bytes. The first four of each lie in the lower six
  /// bits of a byte; of the others, the lower four bits lie in the last four bytes and the upper
  /// two above the first ones.
  private static int sixBits(byte[] from, int at, int group, boolean minimum) {
    int own = minimum ? group + 4 : group;
    if (group < 4) {
      return from[at + own] & 63;
    }
    int lower = from[at + group + 4] >> (minimum ? 4 : 0) & 15;
    int upper = from[at + own - 4] >> 6 & 3;
    return lower | upper << 4;
  }

  /// 256 values: the quants' lower four bits, their upper two, sixteen signed scales and the scale
  /// of those; around 32.
  static void q6k(byte[] from, int blocks, float[] to) {
    for (int b = 0; b < blocks; b++) {
      int at = 210 * b;
      float scales = half(from, at + 208);
      for (int group = 0; group < 8; group++) {
        // Two halves of 128 values; in each, groups 0 and 1 are the lower, 2 and 3 the upper bits
        // of
        // the same bytes.
        int part = group / 4;
        int quarter = group % 4;
        int lower = at + 64 * part + 32 * (quarter % 2);
        int upper = at + 128 + 32 * part;
        int out = 256 * b + 32 * group;
        for (int j = 0; j < 32; j++) {
          int quant =
              from[lower + j] >> 4 * (quarter / 2) & 15 | (from[upper + j] >> 2 * quarter & 3) << 4;
          float scale = scales * from[at + 192 + 2 * group + j / 16];
          to[out + j] = scale * (quant - 32);
        }
      }
    }
  }
}
