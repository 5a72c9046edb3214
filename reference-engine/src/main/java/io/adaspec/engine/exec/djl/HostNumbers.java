package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;

/// A buffer of the host as a tensor, made once and then written to from step to step.
final class HostNumbers implements AutoCloseable {
  private final PtNDManager manager =
      (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private ByteBuffer buffer;
  private PtNDArray tensor;
  private IValue value;

  /// The tensor of a direct buffer of 64-bit numbers, all of its capacity; closed by the owner of
  /// this.
  @SuppressWarnings("ReferenceEquality") // the tensor lies in this buffer's memory, not its content
  IValue of(ByteBuffer direct) {
    if (direct != buffer) {
      release();
      buffer = direct;
      tensor = manager.create(direct, new Shape(direct.capacity() / Long.BYTES), DataType.INT64);
      value = IValue.from(tensor);
    }
    return value;
  }

  private void release() {
    if (value != null) {
      value.close();
      tensor.close();
    }
  }

  @Override
  public void close() {
    release();
    manager.close();
  }
}
