package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.adaspec.engine.exec.ExecutorException;
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
}
