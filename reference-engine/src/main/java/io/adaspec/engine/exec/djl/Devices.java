package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.adaspec.engine.exec.ExecutorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;

/// What the machine and its libtorch offer.
final class Devices {
  private Devices() {}

  /// @throws ExecutorException where the device is not there
  static void require(Device device) {
    if (!device.isGpu()) {
      return;
    }
    int count = Engine.getEngine("PyTorch").getGpuCount();
    if (device.getDeviceId() >= count) {
      throw new ExecutorException(
          "device gpu "
              + device.getDeviceId()
              + " asked for, "
              + count
              + " found: a GPU needs the CUDA runtime (libcudart.so) and a CUDA build of libtorch",
          null);
    }
  }

  /// Sets how many threads a forward on the CPU may use, process-wide.
  static void useThreads(int threads) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
  }

  /// oneDNN's packed linear layers exist in libtorch's builds for x86.
  static boolean hasPackedLinear() {
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }

  /// Whether this processor runs FBGEMM's linear layers of 16-bit weights.
  static boolean hasHalfLinear(PtNDManager manager) {
    ScriptArchive probe =
        new ScriptArchive()
            .methods(
                """
                def pack(self) -> int:
                  w = ops.quantized.linear_prepack_fp16(torch.zeros([16, 16]), None)
                  return torch.size(ops.quantized.linear_dynamic_fp16(torch.zeros([1, 16]), w), 0)
                """);
    try (PtSymbolBlock module =
            JniUtils.loadModule(manager, new ByteArrayInputStream(probe.toBytes()), false, false);
        IValue rows = IValueUtils.runMethod(module, "pack")) {
      return rows.toLong() == 1;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
