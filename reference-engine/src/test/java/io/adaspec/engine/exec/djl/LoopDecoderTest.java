package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaspec.engine.TestModels;
import io.adaspec.engine.model.Checkpoint;
import io.adaspec.engine.model.ModelConfig;
import io.adaspec.engine.model.RopeScaling;
import io.adaspec.engine.model.TensorInfo.Dtype;
import io.adaspec.engine.model.Tokenizer;
import io.adaspec.engine.request.BlockTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The draft's forward in Java against the decoder program, on one cache and on two.
final class LoopDecoderTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int VOCABULARY = 4096;

  @TempDir Path directory;

  private final Random random = new Random(3);

  /// Its cache is written by both; the other's by the program alone.
  private DecoderModel mixed;

  private DecoderModel program;
  private int loopForwards;
  private int programForwards;

  @BeforeEach
  void load() {
    Devices.useThreads(1);
    mixed = TestDecoders.load(TestModels.draft(), drafting());
    program = TestDecoders.load(TestModels.draft(), drafting());
  }

  @AfterEach
  void close() {
    mixed.close();
    program.close();
  }

  private static DecoderOptions drafting() {
    return DecoderOptions.cpu(Precision.F32).withApproximateRows();
  }

  /// One path or the other, by chance.
  private Scores forward(ForwardBatch batch, int width) {
    if (random.nextBoolean()) {
      loopForwards++;
      return mixed.loopForward(batch, width, true);
    }
    programForwards++;
    return mixed.programForward(batch, width, true);
  }

  private void assertSame(ForwardBatch batch, int width) {
    Scores expected = program.programForward(batch, width, true);
    float[][] logits = new float[expected.rows()][VOCABULARY];
    float[][] probabilities = new float[expected.rows()][width];
    for (int row = 0; row < expected.rows(); row++) {
      expected.logits(row, logits[row]);
      for (int rank = 0; rank < width; rank++) {
        probabilities[row][rank] = expected.probability(row, rank);
      }
    }
    Scores scores = forward(batch, width);
    float[] found = new float[VOCABULARY];
    assertThat(scores.rows()).isEqualTo(logits.length);
    for (int row = 0; row < logits.length; row++) {
      scores.logits(row, found);
      assertThat(largestDifference(found, logits[row])).isLessThan(TOLERANCE);
      for (int rank = 0; rank < width; rank++) {
        assertThat(scores.probability(row, rank))
            .isCloseTo(probabilities[row][rank], within(TOLERANCE));
        // The token may differ from the program's where two are equally probable.
        assertThat(logits[row][scores.id(row, rank)])
            .isCloseTo(rankedLogit(logits[row], rank), within(TOLERANCE));
      }
    }
  }

  private static float largestDifference(float[] found, float[] expected) {
    float worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - expected[i]));
    }
    return worst;
  }

  private static float rankedLogit(float[] logits, int rank) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1 - rank];
  }

  private int[] tokens(int count) {
    return random.ints(count, 3, VOCABULARY).toArray();
  }

  private static void span(ForwardBatch batch, BlockTable blocks, int[] tokens, int from, int to) {
    batch.span(blocks);
    for (int cell = from; cell < to; cell++) {
      batch.causalRow(tokens[cell], cell);
    }
    batch.score();
  }

  @Test
  void chunksByEitherPathContinueEachOther() {
    for (int share = 0; share < 4; share++) {
      int[] tokens = tokens(120);
      BlockTable blocks = TestDecoders.table(share, 32);
      for (int from = 0, to; from < tokens.length; from = to) {
        to = Math.min(tokens.length, from + 1 + random.nextInt(random.nextBoolean() ? 3 : 20));
        ForwardBatch batch = mixed.newBatch();
        span(batch, blocks, tokens, from, to);
        assertSame(batch, 1 + random.nextInt(3));
      }
    }
    assertThat(loopForwards).isPositive();
    assertThat(programForwards).isPositive();
  }

  /// Draft rounds in a batch: every sequence goes on from where the last verdict left it, over
  /// rejected cells; one is preempted now and then and computed anew in other blocks.
  @Test
  void batchesWithRollbacksAndRecomputationAgree() {
    int sequences = 5;
    List<int[]> texts = new ArrayList<>();
    int[] length = new int[sequences];
    int[] share = new int[sequences];
    for (int s = 0; s < sequences; s++) {
      texts.add(tokens(200));
      share[s] = s;
    }
    int nextShare = sequences;
    for (int round = 0; round < 40; round++) {
      ForwardBatch batch = mixed.newBatch();
      int[] to = new int[sequences];
      for (int s = 0; s < sequences; s++) {
        if (random.nextInt(15) == 0) {
          share[s] = nextShare++;
          length[s] = 0;
        }
        int missing = length[s] == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(3);
        to[s] = Math.min(200, length[s] + missing);
        span(batch, TestDecoders.table(share[s], 32), texts.get(s), length[s], to[s]);
      }
      assertSame(batch, 1);
      for (int s = 0; s < sequences; s++) {
        int rejected = random.nextInt(3);
        length[s] = Math.clamp(to[s] - rejected, 0, 190);
        int[] text = texts.get(s);
        for (int cell = length[s]; cell < text.length; cell++) {
          text[cell] = 3 + random.nextInt(VOCABULARY - 3);
        }
      }
    }
    assertThat(loopForwards).isPositive();
    assertThat(programForwards).isPositive();
  }

  @Test
  void movedEntriesServeBothPaths() {
    int[] tokens = tokens(70);
    BlockTable from = TestDecoders.table(7, 32);
    BlockTable to = TestDecoders.table(8, 32);
    for (DecoderModel model : List.of(mixed, program)) {
      ForwardBatch batch = model.newBatch();
      span(batch, from, tokens, 0, 69);
      model.programForward(batch, 0, false);
      int[] source = new int[69];
      int[] target = new int[69];
      for (int cell = 0; cell < 69; cell++) {
        source[cell] = from.slot(cell, TestDecoders.BLOCK);
        target[cell] = to.slot(cell, TestDecoders.BLOCK);
      }
      model.move(source, target);
    }
    for (int i = 0; i < 20; i++) {
      ForwardBatch batch = mixed.newBatch();
      span(batch, to, tokens, 69, 70);
      assertSame(batch, 1);
    }
    assertThat(loopForwards).isPositive();
  }

  /// Rows of a tree's second level: each sees the text, its parent and itself.
  @Test
  void treeRowsAgree() {
    int[] tokens = tokens(50);
    BlockTable blocks = TestDecoders.table(9, 32);
    ForwardBatch batch = mixed.newBatch();
    span(batch, blocks, tokens, 0, 50);
    assertSame(batch, 3);
    batch = mixed.newBatch();
    batch.span(blocks);
    for (int child = 0; child < 3; child++) {
      batch.row(100 + child, 50, 50 + child, 50);
      batch.visible(50 + child);
      batch.score();
    }
    assertSame(batch, 2);
    batch = mixed.newBatch();
    batch.span(blocks);
    for (int grandchild = 0; grandchild < 6; grandchild++) {
      batch.row(200 + grandchild, 51, 53 + grandchild, 50);
      batch.visible(50 + grandchild / 2);
      batch.visible(53 + grandchild);
      batch.score();
    }
    for (int i = 0; i < 4; i++) {
      assertSame(batch, 2);
    }
    assertThat(loopForwards).isPositive();
  }

  /// The chain that both paths by turns draft after every prompt is the program's.
  @Test
  void embeddedPromptsAreDraftedAlike() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<String> lines = Files.readAllLines(TestModels.directory().resolve("../prompts.jsonl"));
    int drafted = 0;
    try (Tokenizer tokenizer = Tokenizer.open(TestModels.draft())) {
      for (String line : lines) {
        JsonNode prompt = mapper.readTree(line);
        int[] tokens = tokenizer.encode(prompt.get("text").asText());
        drafted += draftAlike(tokens, drafted % 60);
      }
    }
    assertThat(lines).hasSizeGreaterThan(60);
    assertThat(drafted).isEqualTo(8 * lines.size());
    assertThat(loopForwards).isGreaterThan(lines.size());
  }

  private int draftAlike(int[] prompt, int share) {
    BlockTable blocks = TestDecoders.table(share, 32);
    int[] tokens = Arrays.copyOf(prompt, prompt.length + 8);
    for (int to = prompt.length, from = 0; to < tokens.length; from = to++) {
      ForwardBatch batch = mixed.newBatch();
      span(batch, blocks, tokens, from, to);
      int expected = program.programForward(batch, 1, true).id(0, 0);
      assertThat(forward(batch, 1).id(0, 0)).isEqualTo(expected);
      tokens[to] = expected;
    }
    return 8;
  }

  @Test
  void equallyProbableTokensComeLowestFirst() {
    float[] logits = new float[10];
    logits[7] = 2;
    logits[4] = 2;
    logits[9] = 1;
    LoopScores scores = new LoopScores(10);
    scores.choose(new float[][] {logits}, 1, 4, false);
    assertThat(new int[] {scores.id(0, 0), scores.id(0, 1), scores.id(0, 2), scores.id(0, 3)})
        .containsExactly(4, 7, 9, 0);
    double sum = 2 * Math.exp(2) + Math.exp(1) + 7;
    assertThat((double) scores.probability(0, 1)).isCloseTo(Math.exp(2) / sum, within(1e-5));
    assertThat((double) scores.probability(0, 3)).isCloseTo(1 / sum, within(1e-5));
    assertThatThrownBy(() -> scores.logits(0, new float[10]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("logits were not asked for");
    scores.choose(new float[][] {logits}, 1, 0, true);
    assertThat(scores.argmax(0)).isEqualTo(4);
    assertThatThrownBy(() -> scores.probability(0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("probabilities were not asked for");
  }

  @Test
  void exponentialsAreExactToAHundredThousandth() {
    for (float x = 0; x > -32; x -= 0.01f) {
      assertThat(FloatLoops.exp(x) / Math.exp(x)).isCloseTo(1, within(1e-5));
    }
    assertThat(FloatLoops.exp(Float.NEGATIVE_INFINITY)).isBetween(0f, 1e-13f);
  }

  @Test
  void fewRowsOfSmallDraftsAreForLoops() {
    int[] tokens = tokens(900);
    BlockTable blocks = TestDecoders.table(0, 60);
    ForwardBatch one = mixed.newBatch();
    span(one, blocks, tokens, 899, 900);
    assertThat(mixed.loopsServe(one)).isTrue();
    ForwardBatch prompt = mixed.newBatch();
    span(prompt, blocks, tokens, 0, 100);
    assertThat(mixed.loopsServe(prompt)).isFalse();
    ForwardBatch crowd = mixed.newBatch();
    for (int s = 0; s < 32; s++) {
      span(crowd, blocks, tokens, 100, 101);
    }
    assertThat(mixed.loopsServe(crowd)).isFalse();
  }

  @Test
  void otherModelsAreNotForLoops() {
    try (DecoderModel exact = TestDecoders.load(TestModels.draft());
        DecoderModel doubles =
            TestDecoders.load(TestModels.draft(), drafting().withDoubleAttention());
        DecoderModel large = TestDecoders.load(TestModels.target(), drafting())) {
      for (DecoderModel model : List.of(exact, doubles, large)) {
        ForwardBatch batch = model.newBatch();
        span(batch, TestDecoders.table(0, 32), tokens(1), 0, 1);
        assertThat(model.loopsServe(batch)).isFalse();
      }
    }
  }

  @Test
  void everyKindOfModelAgreesWithThePlainDecoder() throws IOException {
    assertOracle(config(6, 2, 16, 48, new RopeScaling.None(), false, false), Dtype.F32);
    assertOracle(config(4, 1, 12, 47, new RopeScaling.None(), true, true), Dtype.F16);
    assertOracle(
        config(3, 3, 20, 48, new RopeScaling.Llama3(4, 1, 4, 64), true, false), Dtype.BF16);
    assertOracle(config(6, 3, 16, 48, new RopeScaling.Linear(2), true, true), Dtype.F32);
  }

  private static ModelConfig config(
      int heads, int kvHeads, int dim, int hidden, RopeScaling rope, boolean bias, boolean tied) {
    return new ModelConfig(
        101, hidden, 81, 2, heads, kvHeads, dim, 256, 1e-5, 5000, rope, bias, tied, List.of());
  }

  private void assertOracle(ModelConfig config, Dtype dtype) throws IOException {
    Map<String, float[]> weights = RandomCheckpoint.write(directory, config, dtype);
    int[] tokens = random.ints(60, 0, config.vocabularySize()).toArray();
    double[][] expected = new PlainDecoder(config, weights).logits(tokens);
    float[] logits = new float[config.vocabularySize()];
    try (Checkpoint checkpoint = Checkpoint.open(directory);
        DecoderModel model =
            DecoderModel.load(
                config, checkpoint, drafting(), TestDecoders.BLOCKS, TestDecoders.BLOCK)) {
      for (int from = 0, to; from < tokens.length; from = to) {
        to = Math.min(tokens.length, from + 1 + random.nextInt(4));
        ForwardBatch batch = model.newBatch();
        span(batch, TestDecoders.table(3, 32), tokens, from, to);
        model.loopForward(batch, 0, true).logits(0, logits);
        for (int i = 0; i < logits.length; i++) {
          assertThat((double) logits[i]).isCloseTo(expected[to - 1][i], within(1e-4));
        }
      }
    }
  }
}
