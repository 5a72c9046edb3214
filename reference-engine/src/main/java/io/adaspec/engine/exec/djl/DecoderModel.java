package io.adaspec.engine.exec.djl;

import ai.djl.Device;
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
import java.util.Arrays;
import java.util.List;

/// A decoder in libtorch: weights bound once, a KV cache, and the decoder program.
///
/// **What time a forward takes on a GPU.** Its operations are queued; the one wait is the copy of
/// the scores to the host at its end, which every forward makes, also one that scores nothing. So
/// nothing of a forward runs any more when [#forward] returns, and a clock read before and after
/// the call measures the device's work, the transfer of the step's numbers and of its tokens
/// included.
final class DecoderModel implements Decoder {
  /// Most bytes of keys and values that attention gathers at once.
  private static final long GATHER_BYTES = 2L << 20;

  private final ModelConfig config;
  private final DecoderOptions options;
  private final Linears linears;
  private final RowRule rows;
  private final int blocks;
  private final int blockSize;
  private final PtNDManager manager;
  private final PtSymbolBlock module;
  private final PackedBatch packed;
  private final HostNumbers numbers = new HostNumbers();

  /// Each layer's cells where libtorch has them; null on a GPU, and where an array cannot index
  /// them. Valid until this is closed.
  private HostCells cells;

  /// Null where the model, its precision or its device are not for it.
  private LoopDecoder loops;

  private Scores scores;
  private Thread prepared;
  private boolean closed;

  private DecoderModel(
      ModelConfig config,
      DecoderOptions options,
      Linears linears,
      RowRule rows,
      int blocks,
      int blockSize,
      PtNDManager manager) {
    this.config = config;
    this.options = options;
    this.linears = linears;
    this.rows = rows;
    this.blocks = blocks;
    this.blockSize = blockSize;
    this.manager = manager;
    long tileBytes = cacheBytesPerCell() / config.layers() * options.keyTile();
    int maxTiles =
        (int) Math.max(1, options.portable() ? Integer.MAX_VALUE : GATHER_BYTES / tileBytes);
    this.packed = new PackedBatch(options, blocks, blockSize, config.groupSize(), maxTiles, rows);
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
    if (options.keyTile() % blockSize != 0) {
      throw new IllegalArgumentException(
          "block size must divide the key tile of " + options.keyTile() + ": " + blockSize);
    }
    PtNDManager manager = newManager(options);
    // On the host: the program takes them to the device layer by layer, in the type it keeps.
    try (PtNDManager loading = manager.newSubManager(Device.cpu())) {
      WeightLoader loader = new WeightLoader(loading, checkpoint);
      List<PtNDArray> weights = loader.load(config);
      Linears linears = linears(options, manager, loader.halfMatrices());
      RowRule rows =
          options.approximateRows()
              ? RowRule.ANY
              : RowRule.probe(manager, linears, options.activations(), config);
      DecoderModel model =
          new DecoderModel(config, options, linears, rows, blocks, blockSize, manager);
      model.bind(weights, WeightLoader.rotations(loading, config));
      if (options.device().isGpu()) {
        JniUtils.emptyCudaCache();
      }
      model.allocateCache();
      model.cells = model.hostCells();
      if (options.approximateRows() && model.isForLoops()) {
        model.loops =
            new LoopDecoder(
                config,
                LoopWeights.load(config, checkpoint, FloatMatrix::new),
                blockSize,
                model.cells.floats(),
                WeightLoader.rotations(config),
                new Crew(1));
        model.loops.warmUp(model.newBatch());
      }
      return model;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static PtNDManager newManager(DecoderOptions options) {
    return (PtNDManager) NDManager.newBaseManager(options.device(), "PyTorch");
  }

  private static Linears linears(
      DecoderOptions options, PtNDManager manager, boolean halfMatrices) {
    if (options.precision() == Precision.F16 && !options.portable()) {
      if (!Devices.hasHalfLinear(manager)) {
        throw new ExecutorException(
            "weights in f16 need FBGEMM on the CPU, which this processor does not run", null);
      }
      return Linears.HALF;
    }
    if (options.portable() || !Devices.hasPackedLinear(manager, options.precision())) {
      return Linears.PLAIN;
    }
    boolean exactInHalf = halfMatrices && options.precision() == Precision.F32;
    return exactInHalf && Devices.hasHalfLinear(manager) ? Linears.HALF : Linears.PACKED;
  }

  @Override
  public DecoderModel firstLayers(int layers) {
    if (layers >= config.layers()) {
      throw new IllegalArgumentException(
          "a self-draft of a model of %d layers needs fewer: %d"
              .formatted(config.layers(), layers));
    }
    PtNDManager own = newManager(options);
    try {
      DecoderModel draft =
          new DecoderModel(
              config.firstLayers(layers), options, linears, rows, blocks, blockSize, own);
      draft.call("adopt", call("shared")).close();
      return draft;
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private PtSymbolBlock program() {
    DecoderScript script = new DecoderScript(config, options, linears, rows);
    prepareThread();
    try {
      byte[] archive = script.archive().toBytes();
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException | RuntimeException e) {
      throw new ExecutorException("the decoder program cannot be loaded: " + e.getMessage(), e);
    }
  }

  private void bind(List<PtNDArray> weights, PtNDArray rotations) {
    IValue tensors = IValue.listFrom(weights.toArray(PtNDArray[]::new));
    try {
      call("bind", tensors, IValue.from(rotations)).close();
    } catch (ExecutorException e) {
      if (!e.getMessage().contains("memory")) {
        throw e;
      }
      long needed = MemoryNeeds.weights(config, options.precision());
      throw noMemory("%s of weights".formatted(MemoryNeeds.gib(needed)), e);
    }
  }

  private void allocateCache() {
    try {
      call("cache", IValue.from((long) blocks * blockSize), IValue.from((long) blockSize)).close();
    } catch (ExecutorException e) {
      long needed = cacheBytesPerCell() * blocks * blockSize;
      throw noMemory(
          "a KV cache of %d blocks of %d cells, %s"
              .formatted(blocks, blockSize, MemoryNeeds.gib(needed)),
          e);
    }
  }

  private ExecutorException noMemory(String what, ExecutorException cause) {
    String device =
        options.device().isGpu()
            ? "%s (%s)"
                .formatted(DjlRuntime.name(options.device()), CudaRuntime.memory(options.device()))
            : "the CPU";
    return new ExecutorException(
        "no memory for %s on %s: %s".formatted(what, device, cause.getMessage()), cause);
  }

  private boolean isForLoops() {
    return !options.portable()
        && options.activations() == Precision.F32
        && !options.doubleAttention()
        && LoopDecoder.serves(config)
        && cells != null;
  }

  private HostCells hostCells() {
    if (options.device().isGpu()
        || cacheBytesPerCell() / config.layers() * blocks * blockSize > Integer.MAX_VALUE) {
      return null;
    }
    try (IValue tensors = call("keysAndValues")) {
      ByteBuffer[] layers =
          Arrays.stream(tensors.toTensorArray(manager))
              .map(layer -> layer.toByteBuffer(true).order(ByteOrder.nativeOrder()))
              .toArray(ByteBuffer[]::new);
      return new HostCells(layers, Math.toIntExact(cacheBytesPerCell() / config.layers()));
    }
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  /// Bytes of keys and values per token, all layers.
  long cacheBytesPerCell() {
    return MemoryNeeds.cacheBytesPerCell(config, options.activations());
  }

  @Override
  public ForwardBatch newBatch() {
    return new ForwardBatch(config.vocabularySize(), config.contextLength());
  }

  @Override
  public synchronized Scores forward(ForwardBatch batch, int width, boolean logits) {
    return loopsServe(batch)
        ? loopForward(batch, width, logits)
        : programForward(batch, width, logits);
  }

  /// Whether [#forward] runs the batch in Java.
  boolean loopsServe(ForwardBatch batch) {
    return loops != null && loops.serves(batch);
  }

  /// [#forward] in Java, whatever the batch.
  synchronized Scores loopForward(ForwardBatch batch, int width, boolean logits) {
    begin();
    scores = loops.forward(batch, width, logits);
    return scores;
  }

  /// [#forward] in libtorch, whatever the batch.
  synchronized Scores programForward(ForwardBatch batch, int width, boolean logits) {
    begin();
    prepareThread();
    packed.pack(batch, width, logits);
    try (IValue sizes = IValue.listFrom(packed.sizes());
        IValue shape = IValue.listFrom(packed.shape());
        IValue result = run("forward", numbers.of(packed.numbers()), sizes, shape)) {
      scores =
          new TensorScores(
              result.toTensorArray(manager),
              batch.scored(),
              config.vocabularySize(),
              width,
              logits);
    }
    return scores;
  }

  private void begin() {
    requireOpen();
    if (scores != null) {
      scores.close();
      scores = null;
    }
  }

  @Override
  public synchronized void move(int[] from, int[] to) {
    requireOpen();
    if (cells != null) {
      cells.move(from, to);
      return;
    }
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

  /// Runs a method and closes its arguments.
  private IValue call(String method, IValue... arguments) {
    try {
      return run(method, arguments);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  private IValue run(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method, arguments);
    } catch (RuntimeException e) {
      throw new ExecutorException(
          method + " failed on " + DjlRuntime.name(options.device()) + ": " + reason(e), e);
    }
  }

  /// libtorch's own words, without the traceback of the program around them.
  private static String reason(RuntimeException e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    return lines.stream()
        .filter(line -> line.contains("Error: "))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.getFirst());
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
    numbers.close();
    module.close();
    manager.close();
  }
}
