package io.adaspec.engine.exec.djl;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// A KV cache in the host's memory: of each layer, `[slots, cellBytes]`.
final class HostCells {
  private final ByteBuffer[] layers;
  private final int cellBytes;
  private byte[] moved = {};

  /// @param layers in the machine's byte order
  HostCells(ByteBuffer[] layers, int cellBytes) {
    this.layers = layers;
    this.cellBytes = cellBytes;
  }

  FloatBuffer[] floats() {
    return Arrays.stream(layers).map(ByteBuffer::asFloatBuffer).toArray(FloatBuffer[]::new);
  }

  /// A tree's accepted path moves in most steps: a few copies, where libtorch needs two calls per
  /// layer.
  void move(int[] from, int[] to) {
    if (moved.length < from.length * cellBytes) {
      moved = new byte[2 * from.length * cellBytes];
    }
    for (ByteBuffer layer : layers) {
      for (int i = 0; i < from.length; i++) {
        layer.get(from[i] * cellBytes, moved, i * cellBytes, cellBytes);
      }
      for (int i = 0; i < to.length; i++) {
        layer.put(to[i] * cellBytes, moved, i * cellBytes, cellBytes);
      }
    }
  }
}
