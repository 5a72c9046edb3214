package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.TestModels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The embedded target, whose checkpoint is in f16, with weights in f16 and in f32.
final class HalfWeightsTest {
  @Test
  void aCheckpointInHalfPrecisionGivesTheBitsOfF32() {
    int[] tokens = new Random(5).ints(40, 3, 4096).toArray();
    assertThat(logits(tokens, Precision.F16)).isDeepEqualTo(logits(tokens, Precision.F32));
  }

  private static float[][] logits(int[] tokens, Precision precision) {
    try (DecoderModel model =
        TestDecoders.load(TestModels.target(), DecoderOptions.cpu(precision))) {
      return TestDecoders.logits(model, tokens);
    }
  }

  @Test
  void theCacheStaysInF32() {
    DecoderOptions options = DecoderOptions.cpu(Precision.F16);
    assertThat(options.activations()).isEqualTo(Precision.F32);
    try (DecoderModel model = TestDecoders.load(TestModels.target(), options)) {
      assertThat(model.cacheBytesPerCell())
          .isEqualTo(MemoryNeeds.cacheBytesPerCell(model.config(), Precision.F32));
    }
  }

  @Test
  void theProgramOfAGpuIsRefusedOnTheCpu() {
    assertThatThrownBy(() -> DecoderOptions.cpu(Precision.F16).withPortableOperations())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F16 on cpu()");
  }
}
