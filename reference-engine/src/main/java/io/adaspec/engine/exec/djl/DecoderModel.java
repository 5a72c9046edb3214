package io.adaspec.engine.exec.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/// One model on one device: weights bound once, a paged KV cache, and the decoder program. Forwards
/// take turns with each other and with [#close()]; scores are valid until the next forward.
final class DecoderModel implements AutoCloseable {
  /// Most bytes of keys and values that attention gathers at once.
  private static final long GATHER_BYTES = 2L << 20;

  private final ModelConfig config;
  private final DecoderOptions options;
  private final PtNDManager manager;
  private final PtSymbolBlock module;
  private final PackedBatch packed;
  private Scores scores;
  private Thread prepared;
  private boolean closed;

  private DecoderModel(ModelConfig config, DecoderOptions options, int blockSize) {
    this.config = config;
    this.options = options;
    if (options.keyTile() % blockSize != 0) {
      throw new IllegalArgumentException(
          "block size must divide the key tile of " + options.keyTile() + ": " + blockSize);
    }
    long tileBytes = cacheBytesPerCell() / config.layers() * options.keyTile();
    int maxTiles =
        (int) Math.max(1, options.device().isGpu() ? Integer.MAX_VALUE : GATHER_BYTES / tileBytes);
    this.packed = new PackedBatch(blockSize, options.keyTile(), config.groupSize(), maxTiles);
    this.manager = (PtNDManager) NDManager.newBaseManager(options.device(), "PyTorch");
    this.module = program();
  }

  /// Loads a model and its cache of `blocks · blockSize` cells.
  static DecoderModel load(
      ModelConfig config,
      Checkpoint checkpoint,
      DecoderOptions options,
      int blocks,
      int blockSize) {
    Devices.require(options.device());
    DecoderModel model = new DecoderModel(config, options, blockSize);
    try {
      model.bind(checkpoint);
      model.allocateCache(blocks, blockSize);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /// A model of this one's first layers, on this one's weights and cache. Either may be closed
  /// first.
  ///
  /// @param blockSize of this one
  DecoderModel firstLayers(int layers, int blockSize) {
    if (layers >= config.layers()) {
      throw new IllegalArgumentException(
          "a self-draft of a model of %d layers needs fewer: %d"
              .formatted(config.layers(), layers));
    }
    DecoderModel draft = new DecoderModel(config.firstLayers(layers), options, blockSize);
    try {
      draft.call("adopt", call("shared")).close();
      return draft;
    } catch (RuntimeException e) {
      draft.close();
      throw e;
    }
  }

  private PtSymbolBlock program() {
    boolean packedLinear = !options.device().isGpu() && Devices.hasPackedLinear();
    DecoderScript script = new DecoderScript(config, options, packedLinear);
    prepareThread();
    try {
      byte[] archive = script.archive().toBytes();
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw new ExecutorException("the decoder program cannot be loaded: " + e.getMessage(), e);
    }
  }

  private void bind(Checkpoint checkpoint) {
    try (PtNDManager loading = manager.newSubManager(options.device())) {
      List<PtNDArray> weights = new WeightLoader(loading, checkpoint).load(config);
      PtNDArray rotations = WeightLoader.rotations(loading, config);
      // Trees reach beyond the context: a node's cell may be higher than its position.
      long cells = 2L * Math.ceilDiv(config.contextLength(), options.keyTile()) * options.keyTile();
      IValue tensors = IValue.listFrom(weights.toArray(PtNDArray[]::new));
      call("bind", tensors, IValue.from(rotations), IValue.from(cells)).close();
    }
  }

  private void allocateCache(int blocks, int blockSize) {
    try {
      call("cache", IValue.from((long) blocks * blockSize), IValue.from((long) blockSize)).close();
    } catch (ExecutorException e) {
      throw new ExecutorException(
          "no memory for a KV cache of %d blocks of %d cells, %d MiB on %s"
              .formatted(
                  blocks,
                  blockSize,
                  cacheBytesPerCell() * blocks * blockSize >> 20,
                  options.device()),
          e);
    }
  }

  ModelConfig config() {
    return config;
  }

  /// Bytes of keys and values per token, all layers.
  long cacheBytesPerCell() {
    return 2L * config.layers() * config.kvHeads() * config.headDim() * options.precision().bytes();
  }

  ForwardBatch newBatch() {
    return new ForwardBatch(config.vocabularySize(), config.contextLength());
  }

  /// Runs the batch. Every scored row gets its argmax (`width` 0) or its `width` most probable
  /// tokens with their probabilities; `logits` keeps the raw logits besides.
  synchronized Scores forward(ForwardBatch batch, int width, boolean logits) {
    requireOpen();
    prepareThread();
    if (scores != null) {
      scores.close();
      scores = null;
    }
    packed.pack(batch, width, logits);
    ByteBuffer numbers = packed.numbers();
    try (PtNDArray p =
            manager.create(numbers, new Shape(numbers.remaining() / Long.BYTES), DataType.INT64);
        IValue result =
            call(
                "forward",
                IValue.from(p),
                IValue.listFrom(packed.sizes()),
                IValue.listFrom(packed.shape()))) {
      scores =
          new Scores(
              result.toTensorArray(manager),
              batch.scored(),
              config.vocabularySize(),
              width,
              logits);
    }
    return scores;
  }

  /// Copies the cache entries of all layers from slots `from` to slots `to`; all reads come first.
  synchronized void move(int[] from, int[] to) {
    requireOpen();
    prepareThread();
    try (PtNDArray source = slots(from);
        PtNDArray target = slots(to)) {
      call("move", IValue.from(source), IValue.from(target)).close();
    }
  }

  private PtNDArray slots(int[] slots) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(slots.length * Long.BYTES).order(ByteOrder.nativeOrder());
    LongBuffer longs = bytes.asLongBuffer();
    for (int slot : slots) {
      longs.put(slot);
    }
    return manager.create(bytes, new Shape(slots.length), DataType.INT64);
  }

  private IValue call(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method, arguments);
    } catch (RuntimeException e) {
      throw new ExecutorException(
          method + " failed on " + options.device() + ": " + firstLine(e), e);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /// libtorch's profiling graph executor would specialise the program on every new shape.
  private void prepareThread() {
    if (prepared != Thread.currentThread()) {
      JniUtils.setGraphExecutorOptimize(false);
      prepared = Thread.currentThread();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (scores != null) {
      scores.close();
    }
    module.close();
    manager.close();
  }
}
