package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.CheckpointException;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.RopeScaling;
import io.adaspec.engine.model.TensorInfo.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The decoder program against the plain decoder, on random models of every supported kind.
final class DecoderOracleTest {
  private static final int TOKENS = 150;

  @TempDir Path directory;

  private static ModelConfig config(
      int heads, int kvHeads, int dim, RopeScaling scaling, boolean bias, boolean tied) {
    return new ModelConfig(
        101, 48, 80, 2, heads, kvHeads, dim, 256, 1e-5, 5000, scaling, bias, tied, List.of());
  }

  private double largestDifference(ModelConfig config, Dtype dtype, DecoderOptions options)
      throws IOException {
    Map<String, float[]> weights = RandomCheckpoint.write(directory, config, dtype);
    int[] tokens = new Random(1).ints(TOKENS, 0, config.vocabularySize()).toArray();
    double[][] expected = new PlainDecoder(config, weights).logits(tokens);
    double worst = 0;
    float[] logits = new float[config.vocabularySize()];
    Checkpoint checkpoint = Checkpoint.open(directory);
    try (DecoderModel model =
        DecoderModel.load(config, checkpoint, options, TestDecoders.BLOCKS, TestDecoders.BLOCK)) {
      ForwardBatch batch = model.newBatch();
      for (int start = 0, length = 1; start < TOKENS; start += length, length = 50) {
        batch.clear();
        batch.span(TestDecoders.table(3, 32));
        for (int cell = start; cell < Math.min(TOKENS, start + length); cell++) {
          batch.causalRow(tokens[cell], cell);
          batch.score();
        }
        Scores scores = model.forward(batch, 0, true);
        for (int row = 0; row < batch.rows(); row++) {
          scores.logits(row, logits);
          for (int i = 0; i < logits.length; i++) {
            worst = Math.max(worst, Math.abs(logits[i] - expected[start + row][i]));
          }
        }
      }
    }
    return worst;
  }

  private static DecoderOptions single() {
    return DecoderOptions.cpu(Precision.F32);
  }

  @Test
  void groupedQueriesWithAnUntiedHead() throws IOException {
    ModelConfig config = config(6, 2, 16, new RopeScaling.None(), false, false);
    assertThat(largestDifference(config, Dtype.F32, single())).isLessThan(1e-4);
  }

  @Test
  void oneKeyValueHeadWithBiasesFromHalfPrecision() throws IOException {
    ModelConfig config = config(4, 1, 12, new RopeScaling.None(), true, true);
    assertThat(largestDifference(config, Dtype.F16, single())).isLessThan(1e-4);
  }

  @Test
  void asManyKeyValueHeadsAsQueriesWithStretchedPositionsFromBrainFloats() throws IOException {
    ModelConfig config = config(3, 3, 20, new RopeScaling.Llama3(4, 1, 4, 64), true, false);
    assertThat(largestDifference(config, Dtype.BF16, single())).isLessThan(1e-4);
  }

  @Test
  void doubleAttentionAndUnpackedSingleRows() throws IOException {
    ModelConfig config = config(6, 3, 16, new RopeScaling.Linear(2), true, true);
    DecoderOptions options = single().withDoubleAttention().withApproximateRows();
    assertThat(largestDifference(config, Dtype.F32, options)).isLessThan(1e-4);
  }

  /// What a GPU runs, on the CPU.
  @Test
  void portableOperations() throws IOException {
    DecoderOptions options = single().withPortableOperations();
    ModelConfig grouped = config(6, 2, 16, new RopeScaling.None(), false, false);
    assertThat(largestDifference(grouped, Dtype.F16, options)).isLessThan(1e-4);
    ModelConfig biased = config(4, 1, 12, new RopeScaling.Linear(2), true, true);
    assertThat(largestDifference(biased, Dtype.BF16, options)).isLessThan(1e-4);
    DecoderOptions half = DecoderOptions.cpu(Precision.BF16).withPortableOperations();
    assertThat(largestDifference(grouped, Dtype.BF16, half)).isBetween(1e-3, 0.5);
  }

  /// Weights in f16, all else in f32: exact where the checkpoint has them, off by their rounding
  /// where it does not.
  @Test
  void halfPrecisionWeights() throws IOException {
    ModelConfig config = config(6, 2, 16, new RopeScaling.None(), true, true);
    DecoderOptions options = DecoderOptions.cpu(Precision.F16);
    assertThat(largestDifference(config, Dtype.F16, options)).isLessThan(1e-4);
    assertThat(largestDifference(config, Dtype.F32, options)).isBetween(2e-4, 2e-2);
  }

  /// Eight bits of mantissa: logits are off by hundredths of their size, which is about 5 here.
  @Test
  void brainFloatArithmetic() throws IOException {
    ModelConfig config = config(6, 2, 16, new RopeScaling.None(), true, true);
    DecoderOptions options = DecoderOptions.cpu(Precision.BF16);
    assertThat(largestDifference(config, Dtype.BF16, options)).isBetween(1e-3, 0.5);
  }

  @Test
  void aMissingTensorAndAnotherShapeAreNamed() throws IOException {
    ModelConfig config = config(6, 2, 16, new RopeScaling.None(), false, true);
    RandomCheckpoint.write(directory, config, Dtype.F32);
    Checkpoint checkpoint = Checkpoint.open(directory);
    ModelConfig untied = config(6, 2, 16, new RopeScaling.None(), false, false);
    assertThatThrownBy(() -> DecoderModel.load(untied, checkpoint, single(), 4, 16))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'lm_head.weight' is missing");
    ModelConfig wider = config(6, 3, 16, new RopeScaling.None(), false, true);
    assertThatThrownBy(() -> DecoderModel.load(wider, checkpoint, single(), 4, 16))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has shape [32, 48], the configuration needs [48, 48]");
  }

  @Test
  void aCacheThatDoesNotFitIsNamed() throws IOException {
    ModelConfig config = config(6, 2, 16, new RopeScaling.None(), false, true);
    RandomCheckpoint.write(directory, config, Dtype.F32);
    Checkpoint checkpoint = Checkpoint.open(directory);
    assertThatThrownBy(() -> DecoderModel.load(config, checkpoint, single(), 1 << 30, 64))
        .isInstanceOf(ExecutorException.class)
        .hasMessageContaining("no memory for a KV cache of 1073741824 blocks of 64 cells");
  }
}
