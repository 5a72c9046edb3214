package io.adaspec.engine.model;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// One tensor of a mapped weight file.
///
/// @param source the file, for messages
/// @param shape row-major sizes; empty for a scalar
/// @param data the tensor's bytes, little-endian; mapped for as long as they are reachable
public record TensorInfo(
    String source, String name, Dtype dtype, List<Long> shape, MemorySegment data) {
  /// Element types of the safetensors format that weights may have.
  public enum Dtype {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }
  }

  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /// The bytes as a little-endian view, not a copy.
  ///
  /// @throws CheckpointException for a tensor of 2 GiB or more, which a buffer cannot span
  public ByteBuffer buffer() {
    if (data.byteSize() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          source + ": tensor '" + name + "' is larger than 2 GiB: " + data.byteSize() + " bytes");
    }
    return data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
