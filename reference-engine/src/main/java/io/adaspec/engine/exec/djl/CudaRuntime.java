package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.util.cuda.CudaLibrary;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.Native;
import io.adaspec.engine.exec.ExecutorException;
import java.lang.management.MemoryUsage;

/// The CUDA runtime library, found by the rules of JNA, as DJL finds it: `libcudart.so` where the
/// system looks for libraries, and any version of it in the folders of `-Djna.library.path`.
final class CudaRuntime {
  private CudaRuntime() {}

  /// @param total bytes of the device
  /// @param free bytes of it that nobody uses
  record Memory(long total, long free) {
    @Override
    public String toString() {
      return MemoryNeeds.gib(free) + " free of " + MemoryNeeds.gib(total);
    }
  }

  /// Number of GPUs, at least 1.
  ///
  /// @throws ExecutorException saying why there is none
  static int devices() {
    CudaLibrary library;
    try {
      library = Native.load("cudart", CudaLibrary.class);
    } catch (UnsatisfiedLinkError e) {
      throw new ExecutorException(
          "no GPU: the CUDA runtime (libcudart.so) is not found; name its folder in"
              + " LD_LIBRARY_PATH, or run scripts/gpu-check, which looks for one",
          e);
    }
    int[] count = new int[1];
    int status = library.cudaGetDeviceCount(count);
    if (status != 0 || count[0] == 0) {
      int[] version = new int[1];
      library.cudaRuntimeGetVersion(version);
      throw new ExecutorException(
          "no GPU: " + reason(status, version[0], library.cudaGetErrorString(status)), null);
    }
    return count[0];
  }

  /// @param status of `cudaGetDeviceCount`
  /// @param version of the runtime, 12080 for 12.8
  /// @param text the runtime's own words
  static String reason(int status, int version, String text) {
    String cuda = "CUDA " + version / 1000 + "." + version % 1000 / 10;
    return switch (status) {
      case 0, CudaLibrary.ERROR_NO_DEVICE -> cuda + " finds no device (" + text + ")";
      case CudaLibrary.INSUFFICIENT_DRIVER ->
          "the NVIDIA driver is missing or too old for " + cuda + " (" + text + "): see nvidia-smi";
      case CudaLibrary.ERROR_NOT_PERMITTED ->
          cuda + " may not use the device (" + text + "): see the permissions of /dev/nvidia*";
      default -> cuda + " says " + text + " (error " + status + ")";
    };
  }

  static Memory memory(Device device) {
    MemoryUsage usage = CudaUtils.getGpuMemory(device);
    return new Memory(usage.getMax(), usage.getMax() - usage.getUsed());
  }
}
