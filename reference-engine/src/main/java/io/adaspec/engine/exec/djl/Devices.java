package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
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

  /// @throws ExecutorException where the device is not there, or libtorch cannot use it
  static void require(Device device) {
    if (!device.isGpu()) {
      return;
    }
    int count = CudaRuntime.devices();
    if (device.getDeviceId() >= count) {
      throw new ExecutorException(
          "gpu:%d is not there: this machine has %s"
              .formatted(
                  device.getDeviceId(), count == 1 ? "gpu:0 only" : "gpu:0 to gpu:" + (count - 1)),
          null);
    }
    Engine engine = Engine.getEngine("PyTorch");
    if (!engine.hasCapability(StandardCapabilities.CUDA)) {
      throw new ExecutorException(
          "libtorch %s was built for the CPU: name a CUDA build of it in PYTORCH_LIBRARY_PATH, see docs/models.md"
              .formatted(engine.getVersion()),
          null);
    }
  }

  /// Sets how many threads a forward on the CPU may use, process-wide.
  static void useThreads(int threads) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
  }

  /// oneDNN's packed linear layers: libtorch's builds for x86 have them, for bf16 on processors
  /// with AVX-512 or AVX-NE-CONVERT.
  static boolean hasPackedLinear(PtNDManager manager, Precision precision) {
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (architecture.equals("amd64") || architecture.equals("x86_64"))
        && runs(
            manager,
            """
            def probe(self) -> int:
              w = ops.mkldnn._reorder_linear_weight(torch.zeros([16, 16], dtype=%d), 1)
              return torch.size(w, 0)
            """
                .formatted(precision.scalarType()));
  }

  /// Whether this processor runs FBGEMM's linear layers of 16-bit weights.
  static boolean hasHalfLinear(PtNDManager manager) {
    return runs(
        manager,
        """
        def probe(self) -> int:
          w = ops.quantized.linear_prepack_fp16(torch.zeros([16, 16]), None)
          return torch.size(ops.quantized.linear_dynamic_fp16(torch.zeros([16, 16]), w), 0)
        """);
  }

  /// @param probe a method of that name that gives 16
  private static boolean runs(PtNDManager manager, String probe) {
    byte[] program = new ScriptArchive().methods(probe).toBytes();
    try (PtSymbolBlock module =
            JniUtils.loadModule(manager, new ByteArrayInputStream(program), false, false);
        IValue rows = IValueUtils.runMethod(module, "probe")) {
      return rows.toLong() == 16;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
