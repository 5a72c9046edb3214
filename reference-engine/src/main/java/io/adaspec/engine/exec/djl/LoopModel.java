package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/// A decoder in Java with weights in eight bits: [LoopDecoder] with a cache and threads of its own.
/// libtorch's kernels for such weights take activations in bf16, or are not vectorised.
final class LoopModel implements Decoder {
  private static final String VECTORS = "jdk.incubator.vector";

  private final ModelConfig config;
  private final int blockSize;
  private final LoopWeights weights;
  private final HostCells cells;
  private final float[] rotations;
  private final Crew crew;
  private final LoopDecoder decoder;
  private boolean closed;

  private LoopModel(
      ModelConfig config,
      int blockSize,
      LoopWeights weights,
      HostCells cells,
      float[] rotations,
      int threads) {
    this.config = config;
    this.blockSize = blockSize;
    this.weights = weights;
    this.cells = cells;
    this.rotations = rotations;
    this.crew = new Crew(threads);
    this.decoder = new LoopDecoder(config, weights, blockSize, cells.floats(), rotations, crew);
  }

  /// Loads a model, quantises it, and allocates a cache of `blocks · blockSize` cells.
  static LoopModel load(
      ModelConfig config, Checkpoint checkpoint, int blocks, int blockSize, int threads) {
    if (ModuleLayer.boot().findModule(VECTORS).isEmpty()) {
      throw new ExecutorException(
          "weights in int8 need the JVM's option --add-modules " + VECTORS, null);
    }
    LoopWeights weights = LoopWeights.load(config, checkpoint, ByteMatrix::new);
    int cell = 2 * config.kvHeads() * config.headDim() * Float.BYTES;
    HostCells cells = new HostCells(allocate(config, blocks, blockSize, cell), cell);
    float[] rotations = WeightLoader.rotations(config);
    LoopModel model = new LoopModel(config, blockSize, weights, cells, rotations, threads);
    model.decoder.warmUp(model.newBatch());
    return model;
  }

  private static ByteBuffer[] allocate(ModelConfig config, int blocks, int blockSize, int cell) {
    long bytes = (long) blocks * blockSize * cell;
    try {
      int size = Math.toIntExact(bytes);
      return IntStream.range(0, config.layers())
          .mapToObj(_ -> ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()))
          .toArray(ByteBuffer[]::new);
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new ExecutorException(
          "no memory for a KV cache of %d blocks of %d cells, %s on the CPU: %s"
              .formatted(
                  blocks, blockSize, MemoryNeeds.gib(bytes * config.layers()), e.getMessage()),
          e);
    }
  }

  @Override
  public LoopModel firstLayers(int layers) {
    return new LoopModel(
        config.firstLayers(layers),
        blockSize,
        weights.firstLayers(layers),
        cells,
        rotations,
        crew.threads());
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public ForwardBatch newBatch() {
    return new ForwardBatch(config.vocabularySize(), config.contextLength());
  }

  @Override
  public synchronized Scores forward(ForwardBatch batch, int width, boolean logits) {
    requireOpen();
    return decoder.forward(batch, width, logits);
  }

  @Override
  public synchronized void move(int[] from, int[] to) {
    requireOpen();
    cells.move(from, to);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    crew.close();
  }
}
