package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.TestModels;
import io.adaspec.engine.request.BlockTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Speculative decoding equals autoregressive decoding only if a row's logits are the same however
/// the row is computed: bit for bit, here, against one token at a time alone.
@TestInstance(Lifecycle.PER_CLASS)
abstract class BatchInvariance {
  private static final int SEQUENCES = 8;

  private final Random random = new Random(7);
  private final List<int[]> tokens = new ArrayList<>();
  private final List<float[][]> alone = new ArrayList<>();
  private final DecoderOptions options;
  private final float treeTolerance;
  private Decoder model;
  private int vocabulary;

  /// @param treeTolerance largest difference of a logit for tokens of trees that are no chains
  BatchInvariance(DecoderOptions options, float treeTolerance) {
    this.options = options;
    this.treeTolerance = treeTolerance;
  }

  @BeforeAll
  void computeEveryTokenAlone() {
    Devices.useThreads(1);
    model = TestDecoders.decoder(TestModels.target(), options);
    vocabulary = model.config().vocabularySize();
    for (int s = 0; s < SEQUENCES; s++) {
      int[] sequence = random.ints(30 + 60 * s, 3, vocabulary).toArray();
      tokens.add(sequence);
      float[][] rows = new float[sequence.length][vocabulary];
      ForwardBatch batch = model.newBatch();
      BlockTable blocks = TestDecoders.table(s, 32);
      for (int cell = 0; cell < sequence.length; cell++) {
        batch.clear();
        batch.span(blocks);
        batch.causalRow(sequence[cell], cell);
        batch.score();
        model.forward(batch, 0, true).logits(0, rows[cell]);
      }
      alone.add(rows);
    }
  }

  @AfterAll
  void close() {
    if (model != null) {
      model.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1})
  void promptsInOneForwardEqualTokenByTokenForAnyNumberOfThreads(int threads) {
    Devices.useThreads(threads);
    for (int s = 0; s < SEQUENCES; s++) {
      assertChunks(s, tokens.get(s).length);
    }
  }

  @Test
  void promptsInChunksOfAnyLengthEqualTokenByToken() {
    for (int s = 0; s < SEQUENCES; s++) {
      assertChunks(s, 1 + random.nextInt(70));
    }
  }

  private void assertChunks(int s, int chunk) {
    ForwardBatch batch = model.newBatch();
    BlockTable blocks = TestDecoders.table(20, 32);
    for (int start = 0; start < tokens.get(s).length; start += chunk) {
      batch.clear();
      add(batch, blocks, s, start, Math.min(chunk, tokens.get(s).length - start));
      assertRows(model.forward(batch, 0, true), 0, s, start, batch.rows());
    }
  }

  @Test
  void mixedBatchesOfPromptsAndDecodesEqualTokenByToken() {
    for (int round = 0; round < 60; round++) {
      ForwardBatch batch = model.newBatch();
      List<int[]> spans = new ArrayList<>();
      for (int s = 0; s < SEQUENCES; s++) {
        if (random.nextInt(4) > 0) {
          int[] lengths = {1, 1, 1 + random.nextInt(9), 1 + random.nextInt(90)};
          int length = Math.min(lengths[random.nextInt(4)], tokens.get(s).length);
          int start = random.nextInt(tokens.get(s).length - length + 1);
          add(batch, TestDecoders.table(s, 32), s, start, length);
          spans.add(new int[] {s, start, length});
        }
      }
      Scores scores = model.forward(batch, 0, true);
      int row = 0;
      for (int[] span : spans) {
        assertRows(scores, row, span[0], span[1], span[2]);
        row += span[2];
      }
    }
  }

  /// A tree whose first branch continues the sequence and whose other branches do not, with holes
  /// where nodes were pruned; cells of a node and its siblings differ, positions do not.
  @Test
  void pathsThroughTreesEqualTokenByToken() {
    for (int round = 0; round < 40; round++) {
      ForwardBatch batch = model.newBatch();
      List<int[]> expected = new ArrayList<>();
      for (int s = 0; s < SEQUENCES; s++) {
        int depth = 1 + random.nextInt(6);
        int root = random.nextInt(Math.min(tokens.get(s).length, 440) - depth);
        batch.span(TestDecoders.table(s + 24, 32));
        prefillElsewhere(s, root);
        addTree(batch, s, root, depth, expected);
      }
      Scores scores = model.forward(batch, 0, true);
      for (int row = 0; row < expected.size(); row++) {
        int[] place = expected.get(row);
        if (place != null) {
          assertRow(scores, row, place[0], place[1], treeTolerance);
        }
      }
    }
  }

  private void prefillElsewhere(int s, int root) {
    if (root == 0) {
      return;
    }
    ForwardBatch batch = model.newBatch();
    add(batch, TestDecoders.table(s + 24, 32), s, 0, root);
    model.forward(batch, 0, false);
  }

  private void addTree(ForwardBatch batch, int s, int root, int depth, List<int[]> expected) {
    int node = 0;
    List<Integer> path = new ArrayList<>();
    for (int d = 0; d <= depth; d++) {
      for (int sibling = d == 0 ? 1 : random.nextInt(3); sibling > 0 && d > 0; sibling--) {
        node += random.nextInt(2);
        batch.row(random.nextInt(vocabulary), root + d, root + node, root);
        path.forEach(batch::visible);
        batch.visible(root + node++);
        batch.score();
        expected.add(null);
      }
      batch.row(tokens.get(s)[root + d], root + d, root + node, root);
      path.forEach(batch::visible);
      batch.visible(root + node);
      batch.score();
      expected.add(new int[] {s, root + d});
      path.add(root + node++);
    }
  }

  @Test
  void movedEntriesServeAsIfComputedInPlace() {
    int[] sequence = tokens.get(5);
    BlockTable blocks = TestDecoders.table(40, 32);
    BlockTable others = TestDecoders.table(41, 32);
    int last = sequence.length - 1;
    ForwardBatch batch = model.newBatch();
    add(batch, others, 5, 0, last);
    model.forward(batch, 0, false);
    int[] from = new int[last];
    int[] to = new int[last];
    for (int cell = 0; cell < last; cell++) {
      from[cell] = others.slot(cell, TestDecoders.BLOCK);
      to[cell] = blocks.slot(cell, TestDecoders.BLOCK);
    }
    model.move(from, to);
    batch.clear();
    add(batch, blocks, 5, last, 1);
    assertRows(model.forward(batch, 0, true), 0, 5, last, 1);
  }

  private void add(ForwardBatch batch, BlockTable blocks, int s, int start, int length) {
    batch.span(blocks);
    for (int cell = start; cell < start + length; cell++) {
      batch.causalRow(tokens.get(s)[cell], cell);
      batch.score();
    }
  }

  private void assertRows(Scores scores, int row, int s, int start, int length) {
    for (int i = 0; i < length; i++) {
      assertRow(scores, row + i, s, start + i, 0);
    }
  }

  private void assertRow(Scores scores, int row, int s, int place, float tolerance) {
    float[] logits = new float[vocabulary];
    scores.logits(row, logits);
    float worst = 0;
    for (int j = 0; j < vocabulary; j++) {
      worst = Math.max(worst, Math.abs(logits[j] - alone.get(s)[place][j]));
    }
    assertThat(worst).as("sequence %d token %d", s, place).isLessThanOrEqualTo(tolerance);
  }
}
