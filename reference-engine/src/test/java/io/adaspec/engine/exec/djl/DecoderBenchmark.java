package io.adaspec.engine.exec.djl;

import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;

/// Milliseconds of a forward by batch × new tokens and context: the tenth percentile, for machines
/// that do other work, too. A `ragged` column is a batch of contexts spread around the row's.
/// Arguments: model directory, threads, then perhaps the key tile.
public final class DecoderBenchmark {
  private static final int[][] SHAPES = {
    {1, 1}, {4, 1}, {16, 1}, {64, 1}, {1, 5}, {16, 5}, {64, 5}
  };
  private static final int[] CONTEXTS = {100, 128, 250, 512, 900};
  private static final int BLOCKS = 64 * 64;
  private static final int BLOCK = 16;

  private final DecoderModel model;
  private final LongSupplier clock;

  private DecoderBenchmark(DecoderModel model, LongSupplier clock) {
    this.model = model;
    this.clock = clock;
  }

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    Devices.useThreads(threads);
    DecoderOptions options = DecoderOptions.cpu(Precision.F32);
    if (arguments.length > 2) {
      int keyTile = Integer.parseInt(arguments[2]);
      options =
          new DecoderOptions(options.device(), options.precision(), false, false, false, keyTile);
    }
    ModelConfig config = ModelConfig.read(directory);
    Checkpoint checkpoint = Checkpoint.open(directory);
    try (DecoderModel model = DecoderModel.load(config, checkpoint, options, BLOCKS, BLOCK)) {
      System.out.printf("%s, %d threads, %s%n", directory.getFileName(), threads, options);
      new DecoderBenchmark(model, clock(threads)).table();
    }
  }

  /// Processor time of the calling thread where forwards have no other: busy neighbours then count
  /// less.
  private static LongSupplier clock(int threads) {
    return threads == 1
        ? ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime
        : System::nanoTime;
  }

  private void table() {
    System.out.print("context");
    for (int[] shape : SHAPES) {
      System.out.printf("%9s", shape[0] + "x" + shape[1]);
    }
    System.out.printf("%9s%9s%9s%n", "ragged16", "ragged64", "1x512");
    for (int context : CONTEXTS) {
      System.out.printf("%7d", context);
      for (int[] shape : SHAPES) {
        int[] contexts = new int[shape[0]];
        Arrays.fill(contexts, context);
        System.out.printf("%9.3f", millis(contexts, shape[1]));
      }
      System.out.printf(
          "%9.3f%9.3f", millis(spread(16, context), 1), millis(spread(64, context), 1));
      System.out.printf("%9.3f%n", millis(new int[] {context}, Math.min(512, 1024 - context)));
    }
  }

  private static int[] spread(int batch, int mean) {
    int least = Math.min(100, mean / 2);
    return new Random(1).ints(batch, least, Math.min(1000, 2 * mean - least)).toArray();
  }

  private double millis(int[] contexts, int newTokens) {
    ForwardBatch batch = batch(contexts, newTokens);
    int width = model.config().layers() < 4 ? 1 : 0;
    long[] nanos = new long[400];
    int count = 0;
    long end = System.nanoTime() + 700_000_000L;
    while (count < 15 || count < nanos.length && System.nanoTime() < end) {
      long before = clock.getAsLong();
      model.forward(batch, width, false);
      nanos[count++] = clock.getAsLong() - before;
    }
    Arrays.sort(nanos, 5, count);
    return nanos[5 + (count - 5) / 10] / 1e6;
  }

  /// Sequences whose blocks lie scattered over the cache; a long run of new tokens is a prompt.
  private ForwardBatch batch(int[] contexts, int newTokens) {
    Random random = new Random(1);
    int[] free = new Random(2).ints(0, BLOCKS).distinct().limit(BLOCKS).toArray();
    int next = 0;
    ForwardBatch batch = model.newBatch();
    for (int context : contexts) {
      BlockTable table = new BlockTable();
      for (int i = 0; i < Math.ceilDiv(context + newTokens, BLOCK); i++) {
        table.push(free[next++]);
      }
      batch.span(table);
      for (int i = 0; i < newTokens; i++) {
        batch.causalRow(random.nextInt(model.config().vocabularySize()), context + i);
        if (newTokens < 20 || i == newTokens - 1) {
          batch.score();
        }
      }
    }
    return batch;
  }
}
