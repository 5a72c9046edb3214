package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.cuda.CudaLibrary;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.RopeScaling;
import io.adaspec.engine.sched.SchedulerConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MemoryNeedsTest {
  private static final long GIB = 1L << 30;
  private static final SchedulerConfig LIMITS = new SchedulerConfig(16, 256, 4096);

  /// Llama 2 7B: 6,738,415,616 weights and 512 KiB of keys and values per token in bf16.
  private static final ModelConfig LLAMA = model(32_000, 4096, 11_008, 32, 32, 4096, false);

  private static final ModelConfig DRAFT = model(32_000, 512, 1024, 2, 8, 4096, true);

  private static ModelConfig model(
      int vocabulary, int hidden, int inner, int layers, int heads, int context, boolean tied) {
    return new ModelConfig(
        vocabulary,
        hidden,
        inner,
        layers,
        heads,
        heads,
        hidden / heads,
        context,
        1e-5,
        10_000,
        new RopeScaling.None(),
        false,
        tied,
        List.of());
  }

  private static MemoryNeeds needs(Optional<ModelConfig> draft, Precision precision) {
    return MemoryNeeds.of(LLAMA, draft, DecoderOptions.cpu(precision), LIMITS, 16);
  }

  @Test
  void countsWeightsAndCacheOfAModelAsItIsHeld() {
    MemoryNeeds needs = needs(Optional.empty(), Precision.BF16);
    long rotations = 4096L * 128 * 4;
    assertThat(needs.weightBytes()).isEqualTo(2 * 6_738_415_616L + rotations);
    assertThat(needs.blockBytes()).isEqualTo(16 * 512L << 10);
    assertThat(needs.workspaceBytes()).isBetween(GIB, 4 * GIB);
    assertThat(needs(Optional.empty(), Precision.F32).blockBytes())
        .isEqualTo(2 * needs.blockBytes());
  }

  @Test
  void aDraftOfItsOwnAddsItsWeightsATiedHeadTwiceAndItsCache() {
    MemoryNeeds alone = needs(Optional.empty(), Precision.BF16);
    MemoryNeeds both = needs(Optional.of(DRAFT), Precision.BF16);
    long draft = 2 * (DRAFT.parameters() + 32_000L * 512) + 4096L * 64 * 4;
    assertThat(both.weightBytes() - alone.weightBytes()).isEqualTo(draft);
    assertThat(both.blockBytes() - alone.blockBytes()).isEqualTo(16 * 2 * 2 * 512 * 2L);
    assertThat(both.workspaceBytes()).isEqualTo(alone.workspaceBytes());
  }

  @Test
  void theCacheTakesWhatTheShareLeaves() {
    MemoryNeeds needs = new MemoryNeeds(10 * GIB, 2 * GIB, GIB / 4);
    assertThat(needs.blocks("gpu:0", 40 * GIB, 39 * GIB, 0.5, 10, 1000)).isEqualTo(32);
    assertThat(needs.blocks("gpu:0", 40 * GIB, 39 * GIB, 0.9, 10, 1000)).isEqualTo(96);
    assertThat(needs.blocks("gpu:0", 40 * GIB, 39 * GIB, 0.9, 10, 20)).isEqualTo(20);
    assertThat(needs.blocks("gpu:0", 40 * GIB, 39 * GIB, 0.5, 32, 1000)).isEqualTo(32);
  }

  @Test
  void tooLittleMemoryIsSaidWithWhatIsNeededAndWhatIsThere() {
    MemoryNeeds needs = new MemoryNeeds(10 * GIB, 2 * GIB, GIB / 4);
    assertThatThrownBy(() -> needs.blocks("gpu:1", 16 * GIB, 16 * GIB, 0.9, 16, 1000))
        .isInstanceOf(ExecutorException.class)
        .hasMessageContaining("weights 10.00 GiB, workspace 2.00 GiB")
        .hasMessageContaining("full context 4.00 GiB need 16.00 GiB")
        .hasMessageContaining("90 % of 16.00 GiB on gpu:1 are 14.40 GiB");
    assertThatThrownBy(() -> needs.blocks("gpu:0", 40 * GIB, 30 * GIB, 0.9, 16, 1000))
        .isInstanceOf(ExecutorException.class)
        .hasMessageContaining("90 % of 40.00 GiB on gpu:0 are 36.00 GiB")
        .hasMessageContaining("only 30.00 GiB are free");
  }

  @Test
  void aRuntimeWithoutADeviceSaysWhy() {
    assertThat(CudaRuntime.reason(CudaLibrary.INSUFFICIENT_DRIVER, 12_080, "driver"))
        .contains("missing or too old for CUDA 12.8 (driver)");
    assertThat(CudaRuntime.reason(CudaLibrary.ERROR_NO_DEVICE, 12_060, "none"))
        .isEqualTo("CUDA 12.6 finds no device (none)");
    assertThat(CudaRuntime.reason(CudaLibrary.ERROR_NOT_PERMITTED, 12_080, "x"))
        .contains("/dev/nvidia");
    assertThat(CudaRuntime.reason(999, 12_080, "unknown error"))
        .isEqualTo("CUDA 12.8 says unknown error (error 999)");
  }
}
