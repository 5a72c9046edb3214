package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.djl.ForwardBatch.Span;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.request.BlockTable;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// A forward in plain Java. A small draft's over few rows shares the KV cache of the libtorch
/// program: either may run any forward of a sequence. Models in eight bits have no other
/// ([LoopModel]).
///
/// To libtorch such a forward is a hundred operators of about two microseconds each, whatever they
/// compute; a draft that is to be worth its time at batch 1 cannot pay that. Results differ from
/// libtorch's in the last bits. That is harmless in a draft: what it proposes is verified, greedy
/// drafts are a function of the text however they come about, and sampled ones are verified against
/// the distribution that this forward itself reports.
final class LoopDecoder {
  /// Most multiplications of a forward, those of attention counted [#ATTENTION]-fold. Libtorch is
  /// as fast from here on with several rows of one sequence, from half as much again on with rows
  /// of several, as `DraftForwardBenchmark` measures on one core with 512 KiB of second-level
  /// cache. Weights of that number are all that one row may multiply with.
  private static final long MAX_WORK = 5_000_000;

  /// Forwards after which HotSpot has compiled the loops, and multiplications of a row.
  private static final int WARM_UP = 100;

  private static final long WARM_UP_WORK = 5_000_000_000L;

  /// Rows of a forward: matrices have a loop for single rows and one for several.
  private static final int[] WARM_UP_ROWS = {1, 5};

  /// What a multiplication in attention costs, in those of a linear layer.
  private static final int ATTENTION = 4;

  private final ModelConfig config;
  private final int blockSize;
  private final LoopWeights weights;
  private final FloatBuffer[] cache;
  private final float[] rotations;
  private final Crew crew;

  /// One for each thread.
  private final LoopAttention[] attention;

  private final LoopScores scores;
  private final int cellWidth;
  private final long rowWork;
  private final long cellWork;
  private final long headWork;
  private BlockTable[] blocksOf = {};
  private float[][] x = {};
  private float[][] h;
  private float[][] qkv;
  private float[][] attended;
  private float[][] gate;
  private float[][] up;
  private float[][] finals;
  private float[][] logits = {};

  /// @param cache of each layer, `[slots, keys and values]`, shared with the libtorch program
  /// @param rotations [WeightLoader#rotations]
  LoopDecoder(
      ModelConfig config,
      LoopWeights weights,
      int blockSize,
      FloatBuffer[] cache,
      float[] rotations,
      Crew crew) {
    this.config = config;
    this.blockSize = blockSize;
    this.weights = weights;
    this.crew = crew;
    this.cache = cache;
    this.rotations = rotations;
    this.cellWidth = 2 * config.kvHeads() * config.headDim();
    this.attention = new LoopAttention[crew.threads()];
    Arrays.setAll(attention, _ -> new LoopAttention(config, blockSize));
    this.scores = new LoopScores(config.vocabularySize());
    int head = config.vocabularySize() * config.hiddenSize();
    this.headWork = head;
    this.rowWork = config.parameters() - (config.tiedEmbeddings() ? head : 2L * head);
    this.cellWork = 2L * ATTENTION * config.layers() * config.heads() * config.headDim();
  }

  /// Whether a model is small enough for a forward of one row.
  static boolean serves(ModelConfig config) {
    return config.parameters() <= MAX_WORK;
  }

  /// Whether a forward is small enough to be faster than libtorch's.
  boolean serves(ForwardBatch batch) {
    long work = batch.rows() * rowWork + batch.scored() * headWork;
    for (int row = 0; row < batch.rows(); row++) {
      work += cellWork * (batch.limit(row) + batch.visibleTo(row) - batch.visibleFrom(row));
    }
    return work <= MAX_WORK;
  }

  /// Runs forwards in the first block of a cache that is not in use: interpreted, the first of them
  /// take a thousand times as long as all others.
  void warmUp(ForwardBatch batch) {
    BlockTable first = new BlockTable();
    for (int i = 0; i < 5; i++) {
      first.push(0);
    }
    long forwards = Math.clamp(WARM_UP_WORK / config.parameters(), 8, WARM_UP);
    for (int i = 0; i < forwards; i++) {
      batch.clear();
      batch.span(first);
      for (int cell = 0; cell < WARM_UP_ROWS[i % 2]; cell++) {
        batch.causalRow(0, cell);
        batch.score();
      }
      forward(batch, 1, false);
    }
  }

  /// @param width children per scored row, 0 for the argmax alone
  Scores forward(ForwardBatch batch, int width, boolean keepLogits) {
    prepare(batch);
    int rows = batch.rows();
    for (int row = 0; row < rows; row++) {
      weights.embedding().output(batch.token(row), x[row], config.hiddenSize());
    }
    for (int i = 0; i < config.layers(); i++) {
      LoopWeights.Layer layer = weights.layers().get(i);
      attend(batch, layer, cache[i]);
      transform(layer, rows);
    }
    for (int score = 0; score < batch.scored(); score++) {
      norm(x[batch.scoredRow(score)], weights.norm(), finals[score]);
      Arrays.fill(logits[score], 0);
    }
    crew.run(
        (part, parts) -> weights.head().addProducts(finals, logits, batch.scored(), part, parts));
    scores.choose(logits, batch.scored(), width, keepLogits);
    return scores;
  }

  private void prepare(ForwardBatch batch) {
    if (x.length < batch.rows()) {
      allocate(Math.max(4, 2 * batch.rows()));
    }
    if (logits.length < batch.scored()) {
      int some = Math.max(4, 2 * batch.scored());
      finals = new float[some][LoopMatrix.even(config.hiddenSize())];
      logits = new float[some][config.vocabularySize()];
    }
    for (Span span : batch.spans()) {
      Arrays.fill(blocksOf, span.firstRow(), span.firstRow() + span.rows(), span.blocks());
    }
  }

  private void allocate(int rows) {
    int hidden = LoopMatrix.even(config.hiddenSize());
    int inner = LoopMatrix.even(config.intermediateSize());
    int width = config.heads() * config.headDim();
    blocksOf = new BlockTable[rows];
    x = new float[rows][hidden];
    h = new float[rows][hidden];
    qkv = new float[rows][width + cellWidth];
    attended = new float[rows][width];
    gate = new float[rows][inner];
    up = new float[rows][inner];
  }

  /// `x += attention(norm(x))`. Keys and values of all rows are written before the first row reads:
  /// rows of one sequence see each other.
  private void attend(ForwardBatch batch, LoopWeights.Layer layer, FloatBuffer cells) {
    int rows = batch.rows();
    for (int row = 0; row < rows; row++) {
      norm(x[row], layer.attentionNorm(), h[row]);
      if (layer.qkvBias() == null) {
        Arrays.fill(qkv[row], 0);
      } else {
        System.arraycopy(layer.qkvBias(), 0, qkv[row], 0, qkv[row].length);
      }
    }
    crew.run((part, parts) -> layer.qkv().addProducts(h, qkv, rows, part, parts));
    for (int row = 0; row < rows; row++) {
      rotate(qkv[row], batch.position(row));
      int slot = blocksOf[row].slot(batch.cell(row), blockSize);
      cells.put(slot * cellWidth, qkv[row], qkv[row].length - cellWidth, cellWidth);
    }
    crew.run((part, parts) -> attend(batch, cells, part, parts));
    crew.run((part, parts) -> layer.out().addProducts(attended, x, rows, part, parts));
  }

  /// The `part`-th of `parts` shares of rows and key/value heads.
  private void attend(ForwardBatch batch, FloatBuffer cells, int part, int parts) {
    int heads = config.kvHeads();
    int all = batch.rows() * heads;
    int end = (int) ((long) all * (part + 1) / parts);
    for (int at = (int) ((long) all * part / parts); at < end; ) {
      int row = at / heads;
      int head = at % heads;
      int next = Math.min(heads, head + end - at);
      attention[part].attend(cells, batch, row, blocksOf[row], qkv[row], attended[row], head, next);
      at += next - head;
    }
  }

  /// `x += down(silu(gate(norm(x))) · up(norm(x)))`.
  private void transform(LoopWeights.Layer layer, int rows) {
    for (int row = 0; row < rows; row++) {
      norm(x[row], layer.mlpNorm(), h[row]);
      Arrays.fill(gate[row], 0);
      Arrays.fill(up[row], 0);
    }
    crew.run(
        (part, parts) -> {
          layer.gate().addProducts(h, gate, rows, part, parts);
          layer.up().addProducts(h, up, rows, part, parts);
        });
    for (int row = 0; row < rows; row++) {
      FloatLoops.gate(gate[row], up[row], config.intermediateSize());
    }
    crew.run((part, parts) -> layer.down().addProducts(gate, x, rows, part, parts));
  }

  private void norm(float[] from, float[] weight, float[] to) {
    int hidden = config.hiddenSize();
    float squares = FloatLoops.sumOfSquares(from, hidden) / hidden;
    float scale = (float) (1 / Math.sqrt(squares + config.rmsNormEps()));
    for (int i = 0; i < hidden; i++) {
      to[i] = from[i] * scale * weight[i];
    }
  }

  /// Turns the pairs of every query and key head by the angles of `position`.
  private void rotate(float[] heads, int position) {
    int dim = config.headDim();
    int turn = position * dim;
    for (int head = 0; head < config.heads() + config.kvHeads(); head++) {
      for (int i = 0; i < dim; i += 2) {
        int at = head * dim + i;
        float a = heads[at];
        float b = heads[at + 1];
        heads[at] = a * rotations[turn + i] - b * rotations[turn + i + 1];
        heads[at + 1] = b * rotations[turn + i] + a * rotations[turn + i + 1];
      }
    }
  }
}
