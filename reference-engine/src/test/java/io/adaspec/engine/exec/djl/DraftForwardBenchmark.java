package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.nio.file.Path;
import java.util.Random;

/// A draft forward in libtorch and in [LoopDecoder], by requests, new tokens of each and context:
/// the shortest of many, in turn, in microseconds, and which of the two [DecoderModel] chooses.
/// Argument: a model directory.
public final class DraftForwardBenchmark {
  private static final int[][] SHAPES = {
    {1, 1}, {1, 2}, {1, 4}, {1, 8}, {1, 16}, {1, 32}, {2, 1}, {4, 1}, {8, 1}, {16, 1}, {4, 4}
  };
  private static final int[] CONTEXTS = {32, 128, 400, 900};
  private static final int BLOCKS = 16 * 64;
  private static final int BLOCK = 16;
  private static final int REPETITIONS = 300;

  private DraftForwardBenchmark() {}

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    Devices.useThreads(1);
    DecoderOptions options = DecoderOptions.cpu(Precision.F32).withApproximateRows();
    ModelConfig config = ModelConfig.read(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory);
        DecoderModel model = DecoderModel.load(config, checkpoint, options, BLOCKS, BLOCK)) {
      System.out.printf("%s, %d weights%n", directory.getFileName(), config.parameters());
      System.out.println("requests x tokens, context  libtorch     loops     ratio  served");
      for (int warmUp = 0; warmUp < 3; warmUp++) {
        measure(model, new int[] {2, 1}, 100);
      }
      for (int[] shape : SHAPES) {
        for (int context : CONTEXTS) {
          double[] micros = measure(model, shape, context);
          System.out.printf(
              "%16s, %7d %9.1f %9.1f %9.2f  %s%n",
              shape[0] + " x " + shape[1],
              context,
              micros[0],
              micros[1],
              micros[0] / micros[1],
              model.loopsServe(batch(model, shape, context)) ? "loops" : "libtorch");
        }
      }
    }
  }

  private static double[] measure(DecoderModel model, int[] shape, int context) {
    ForwardBatch batch = batch(model, shape, context);
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    for (int i = 0; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      model.programForward(batch, 1, false);
      long between = System.nanoTime();
      model.loopForward(batch, 1, false);
      long end = System.nanoTime();
      best[0] = Math.min(best[0], (between - start) / 1e3);
      best[1] = Math.min(best[1], (end - between) / 1e3);
    }
    return best;
  }

  /// Sequences whose blocks lie scattered over the cache.
  private static ForwardBatch batch(DecoderModel model, int[] shape, int context) {
    Random random = new Random(1);
    int[] free = new Random(2).ints(0, BLOCKS).distinct().limit(BLOCKS).toArray();
    int next = 0;
    ForwardBatch batch = model.newBatch();
    for (int request = 0; request < shape[0]; request++) {
      BlockTable table = new BlockTable();
      for (int i = 0; i < Math.ceilDiv(context + shape[1], BLOCK); i++) {
        table.push(free[next++]);
      }
      batch.span(table);
      for (int i = 0; i < shape[1]; i++) {
        batch.causalRow(random.nextInt(model.config().vocabularySize()), context + i);
      }
      batch.score();
    }
    return batch;
  }
}
