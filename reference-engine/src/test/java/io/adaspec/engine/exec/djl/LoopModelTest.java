package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.adaspec.engine.TestModels;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.RopeScaling;
import io.adaspec.engine.model.TensorInfo.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights in eight bits: what they are rounded to, and what is computed with them.
final class LoopModelTest {
  private static final int TOKENS = 60;

  @TempDir Path directory;

  private static ModelConfig config(int heads, int kvHeads, boolean bias, boolean tied) {
    return new ModelConfig(
        101,
        48,
        80,
        2,
        heads,
        kvHeads,
        16,
        256,
        1e-5,
        5000,
        new RopeScaling.None(),
        bias,
        tied,
        List.of());
  }

  /// The plain decoder on the very weights that eight bits stand for: all else is exact.
  @ParameterizedTest
  @CsvSource({"6, 2, false, true, 1", "4, 1, true, false, 2", "3, 3, false, false, 3"})
  void computesWithTheRoundedWeightsInFullPrecision(
      int heads, int kvHeads, boolean bias, boolean tied, int threads) throws IOException {
    ModelConfig config = config(heads, kvHeads, bias, tied);
    Map<String, float[]> weights = RandomCheckpoint.write(directory, config, Dtype.F32);
    Map<String, float[]> rounded = new HashMap<>();
    weights.forEach((name, values) -> rounded.put(name, rounded(config, name, values)));
    int[] tokens = new Random(1).ints(TOKENS, 0, config.vocabularySize()).toArray();
    double[][] expected = new PlainDecoder(config, rounded).logits(tokens);
    double[][] unrounded = new PlainDecoder(config, weights).logits(tokens);
    float[][] logits = logits(config, tokens, threads);
    assertThat(largestDifference(logits, expected)).isLessThan(1e-4);
    assertThat(largestDifference(logits, unrounded)).isBetween(1e-3, 2.0);
  }

  private static float[] rounded(ModelConfig config, String name, float[] values) {
    if (name.contains("norm") || name.endsWith(".bias")) {
      return values;
    }
    int inputs =
        name.contains("down_proj")
            ? config.intermediateSize()
            : name.contains("o_proj") ? config.heads() * config.headDim() : config.hiddenSize();
    float[] rounded = new float[values.length];
    for (int at = 0; at < values.length; at += inputs) {
      float most = 0;
      for (int i = at; i < at + inputs; i++) {
        most = Math.max(most, Math.abs(values[i]));
      }
      for (int i = at; i < at + inputs; i++) {
        rounded[i] = (float) Math.rint(values[i] / (most / 127)) * (most / 127);
      }
    }
    return rounded;
  }

  private float[][] logits(ModelConfig config, int[] tokens, int threads) {
    try (Checkpoint checkpoint = Checkpoint.open(directory);
        LoopModel model =
            LoopModel.load(config, checkpoint, TestDecoders.BLOCKS, TestDecoders.BLOCK, threads)) {
      return TestDecoders.logits(model, tokens);
    }
  }

  private static double largestDifference(float[][] found, double[][] expected) {
    double worst = 0;
    for (int row = 0; row < found.length; row++) {
      for (int i = 0; i < found[row].length; i++) {
        worst = Math.max(worst, Math.abs(found[row][i] - expected[row][i]));
      }
    }
    return worst;
  }

  @Test
  void theEmbeddedTargetScoresAsInF32WithinATenth() {
    int[] tokens = new Random(5).ints(100, 3, 4096).toArray();
    DecoderOptions bytes = DecoderOptions.cpu(Precision.INT8);
    double squares = 0;
    double errors = 0;
    try (Decoder exact = TestDecoders.load(TestModels.target());
        Decoder rounded = TestDecoders.decoder(TestModels.target(), bytes)) {
      float[][] expected = TestDecoders.logits(exact, tokens);
      float[][] found = TestDecoders.logits(rounded, tokens);
      for (int row = 0; row < found.length; row++) {
        for (int i = 0; i < found[row].length; i++) {
          errors += Math.pow(found[row][i] - expected[row][i], 2);
          squares += Math.pow(expected[row][i], 2);
        }
      }
    }
    assertThat(Math.sqrt(errors / squares)).isBetween(1e-4, 0.1);
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    int[] tokens = new Random(6).ints(40, 3, 4096).toArray();
    ModelConfig config = ModelConfig.read(TestModels.target());
    try (Checkpoint checkpoint = Checkpoint.open(TestModels.target());
        LoopModel one =
            LoopModel.load(config, checkpoint, TestDecoders.BLOCKS, TestDecoders.BLOCK, 1);
        LoopModel three =
            LoopModel.load(config, checkpoint, TestDecoders.BLOCKS, TestDecoders.BLOCK, 3)) {
      assertThat(TestDecoders.logits(three, tokens))
          .isDeepEqualTo(TestDecoders.logits(one, tokens));
    }
  }

  @Test
  void aGpuIsRefused() {
    assertThatThrownBy(() -> DecoderOptions.on(Device.gpu(), Precision.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("int8 runs on the CPU only");
  }

  @Test
  void aCacheThatDoesNotFitIsNamed() {
    ModelConfig config = ModelConfig.read(TestModels.target());
    try (Checkpoint checkpoint = Checkpoint.open(TestModels.target())) {
      assertThatThrownBy(() -> LoopModel.load(config, checkpoint, 1 << 30, 64, 1))
          .isInstanceOf(ExecutorException.class)
          .hasMessageContaining("no memory for a KV cache of 1073741824 blocks of 64 cells");
    }
  }

  @Test
  void aClosedModelRefusesToRun() {
    ModelConfig config = ModelConfig.read(TestModels.draft());
    try (Checkpoint checkpoint = Checkpoint.open(TestModels.draft())) {
      LoopModel model = LoopModel.load(config, checkpoint, 4, 16, 2);
      model.close();
      assertThatThrownBy(() -> model.move(new int[] {1}, new int[] {2}))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
