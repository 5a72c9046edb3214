package io.adaspec.engine.exec.djl;

import static java.util.Locale.ROOT;

import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/// Milliseconds of a forward on the CPU beside the time that reading the weights once takes, by
/// batch, new tokens and type: see `docs/performance.md`. All points are measured in turns, and the
/// bandwidth beside them.
///
/// Arguments: model, threads, rounds.
public final class FloorStudy {
  private static final int[][] SHAPES = {{1, 1}, {4, 1}, {16, 1}, {1, 5}, {4, 5}, {16, 5}};
  private static final int CONTEXT = 128;
  private static final int BLOCK = 16;
  private static final long READ = 512L << 20;

  private FloorStudy() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    Devices.useThreads(threads);
    ModelConfig config = ModelConfig.read(directory);
    Map<Precision, Decoder> models = new EnumMap<>(Precision.class);
    Map<Precision, long[][]> nanos = new EnumMap<>(Precision.class);
    double bandwidth = 0;
    try {
      for (Precision precision : Precision.values()) {
        models.put(precision, load(directory, config, precision, threads));
        nanos.put(precision, new long[SHAPES.length][rounds]);
      }
      for (int round = 0; round < rounds; round++) {
        bandwidth = Math.max(bandwidth, DeviceChecks.readBandwidth("cpu", READ));
        for (Map.Entry<Precision, Decoder> model : models.entrySet()) {
          for (int shape = 0; shape < SHAPES.length; shape++) {
            nanos.get(model.getKey())[shape][round] =
                nanos(model.getValue(), SHAPES[shape][0], SHAPES[shape][1]);
          }
        }
      }
    } finally {
      models.values().forEach(Decoder::close);
    }
    print(directory, config, threads, bandwidth, nanos);
  }

  private static Decoder load(
      Path directory, ModelConfig config, Precision precision, int threads) {
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      int blocks = 16 * Math.ceilDiv(CONTEXT + 5, BLOCK);
      if (precision == Precision.INT8) {
        return LoopModel.load(config, checkpoint, blocks, BLOCK, threads);
      }
      return DecoderModel.load(config, checkpoint, DecoderOptions.cpu(precision), blocks, BLOCK);
    }
  }

  /// The second of two forwards.
  private static long nanos(Decoder model, int requests, int newTokens) {
    Random random = new Random(1);
    ForwardBatch batch = model.newBatch();
    int next = 0;
    for (int request = 0; request < requests; request++) {
      BlockTable table = new BlockTable();
      for (int i = 0; i < Math.ceilDiv(CONTEXT + newTokens, BLOCK); i++) {
        table.push(next++);
      }
      batch.span(table);
      for (int i = 0; i < newTokens; i++) {
        batch.causalRow(random.nextInt(model.config().vocabularySize()), CONTEXT + i);
        batch.score();
      }
    }
    model.forward(batch, 0, false);
    long before = System.nanoTime();
    model.forward(batch, 0, false);
    return System.nanoTime() - before;
  }

  private static void print(
      Path model,
      ModelConfig config,
      int threads,
      double bandwidth,
      Map<Precision, long[][]> nanos) {
    System.out.printf(
        ROOT,
        "%s, %d threads, context %d, medians; memory is read at %.1f GB/s%n%n",
        model.getFileName(),
        threads,
        CONTEXT,
        bandwidth / 1e9);
    System.out.println("| weights | floor, ms | | 1×1 | 4×1 | 16×1 | 1×5 | 4×5 | 16×5 |");
    System.out.println("|---|---:|---|---:|---:|---:|---:|---:|---:|");
    long untied =
        config.tiedEmbeddings() ? 0 : (long) config.vocabularySize() * config.hiddenSize();
    nanos.forEach(
        (precision, shapes) -> {
          long bytes = (config.parameters() - untied) * precision.bytes();
          double floor = 1e3 * bytes / bandwidth;
          StringBuilder millis = new StringBuilder();
          StringBuilder ratios = new StringBuilder();
          for (long[] times : shapes) {
            Arrays.sort(times);
            double median = times[times.length / 2] / 1e6;
            millis.append(String.format(ROOT, " %.1f |", median));
            ratios.append(String.format(ROOT, " %.2f |", median / floor));
          }
          System.out.printf(
              ROOT, "| %s, %d MB | %.1f | ms |%s%n", precision, bytes / 1_000_000, floor, millis);
          System.out.printf("| | | of the floor |%s%n", ratios);
        });
  }
}
