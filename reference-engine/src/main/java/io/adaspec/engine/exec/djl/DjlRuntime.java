package io.adaspec.engine.exec.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.sched.SchedulerConfig;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What decoders run on, for those who know nothing of DJL.
public final class DjlRuntime {
  private static final Pattern DEVICE = Pattern.compile("cpu|gpu(?::(\\d{1,3}))?");

  /// Below this many weights a second thread costs more than it gives.
  private static final long SMALL_MODEL = 50_000_000;

  /// Share of the machine's memory that KV caches get at most on the CPU.
  private static final double CPU_CACHE_SHARE = 0.25;

  private DjlRuntime() {}

  /// CPU threads of a forward.
  ///
  /// @param wanted 0 to choose by the target's size
  public static int threads(int wanted, ModelConfig target) {
    if (wanted > 0) {
      return wanted;
    }
    return target.parameters() < SMALL_MODEL ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /// @param device `cpu`, `gpu` or `gpu:n`
  /// @param dtype `f32`, `f16`, `bf16` or `int8`
  /// @throws IllegalArgumentException naming what is none, or does not go together
  public static DecoderOptions decoder(String device, String dtype) {
    Precision precision = Precision.valueOf(dtype.toUpperCase(Locale.ROOT));
    return DecoderOptions.on(device(device), precision);
  }

  private static Device device(String name) {
    Matcher device = DEVICE.matcher(name);
    if (!device.matches()) {
      throw new IllegalArgumentException("device must be cpu, gpu or gpu:n: '" + name + "'");
    }
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    return Device.gpu(device.group(1) == null ? 0 : Integer.parseInt(device.group(1)));
  }

  /// Blocks of the KV caches where their number is not given, one full context at least: on a GPU
  /// what its memory leaves, on the CPU a quarter of the memory at most.
  ///
  /// @param draft where it has weights and a cache of its own
  /// @param utilization share of a GPU's memory that may be used
  /// @throws io.adaspec.engine.exec.ExecutorException where the device is not there, or has too
  ///   little memory
  public static int cacheBlocks(
      DecoderOptions decoder,
      ModelConfig target,
      Optional<ModelConfig> draft,
      SchedulerConfig limits,
      int blockSize,
      double utilization) {
    MemoryNeeds needs = MemoryNeeds.of(target, draft, decoder, limits, blockSize);
    int fewest = Math.ceilDiv(limits.maxContext(), blockSize);
    int most = Math.multiplyExact(limits.maxBatch(), fewest);
    if (decoder.device().isGpu()) {
      Devices.require(decoder.device());
      CudaRuntime.Memory memory = CudaRuntime.memory(decoder.device());
      return needs.blocks(
          name(decoder.device()), memory.total(), memory.free(), utilization, fewest, most);
    }
    long bytes =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
    return Math.clamp((long) (bytes * CPU_CACHE_SHARE) / needs.blockBytes(), fewest, most);
  }

  static String name(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  /// What tells one GPU from another in a latency profile.
  public static String describeGpu(String device) {
    Device where = device(device);
    Devices.require(where);
    return "compute capability %s, %d MiB"
        .formatted(
            CudaUtils.getComputeCapability(where.getDeviceId()),
            CudaRuntime.memory(where).total() >> 20);
  }

  /// Versions of the libraries, by name.
  public static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("djl", Engine.getDjlVersion());
    versions.put("pytorch", Engine.getEngine("PyTorch").getVersion());
    return versions;
  }
}
