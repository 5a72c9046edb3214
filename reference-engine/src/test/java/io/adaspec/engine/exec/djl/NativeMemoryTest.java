package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.adaspec.engine.NativeHeap;
import io.adaspec.engine.TestModels;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Native memory is not collected: what a forward leaves behind stays for good. The JIT compiler
/// takes megabytes from the same heap and gives them back, in some rounds; a leak grows in every
/// round, so the median of the rounds shows it and not the compiler.
final class NativeMemoryTest {
  private static final int ROUNDS = 9;
  private static final int FORWARDS = 2_000;

  /// A third of what a small tensor that is not closed costs.
  private static final long MOST_BYTES_PER_FORWARD = 150;

  private NativeHeap heap;

  @BeforeEach
  void findHeap() {
    Optional<NativeHeap> found = NativeHeap.find();
    assumeTrue(found.isPresent(), "not glibc");
    heap = found.get();
  }

  @Test
  void thousandsOfForwardsLeaveNothingBehind() {
    try (DecoderModel model = TestDecoders.load(TestModels.draft())) {
      assertThat(growthPerForward(model, () -> {})).isLessThan(MOST_BYTES_PER_FORWARD);
    }
  }

  @Test
  void aSmallTensorLeftBehindByEveryForwardIsSeen() {
    try (DecoderModel model = TestDecoders.load(TestModels.draft());
        NDManager leak = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      assertThat(growthPerForward(model, () -> leak.create(1f)))
          .isGreaterThan(MOST_BYTES_PER_FORWARD);
    }
  }

  /// Median of the rounds' growth in bytes, by forward.
  private long growthPerForward(DecoderModel model, Runnable afterForward) {
    forwards(model, afterForward);
    long[] growth = new long[ROUNDS];
    long before = heap.bytes();
    for (int round = 0; round < ROUNDS; round++) {
      forwards(model, afterForward);
      long after = heap.bytes();
      growth[round] = after - before;
      before = after;
    }
    Arrays.sort(growth);
    return growth[ROUNDS / 2] / FORWARDS;
  }

  private static void forwards(DecoderModel model, Runnable afterForward) {
    Random random = new Random(1);
    float[] logits = new float[model.config().vocabularySize()];
    ForwardBatch batch = model.newBatch();
    for (int i = 0; i < FORWARDS; i++) {
      batch.clear();
      for (int s = random.nextInt(4); s >= 0; s--) {
        batch.span(TestDecoders.table(s, 32));
        for (int row = 0; row <= i % 3; row++) {
          batch.causalRow(random.nextInt(4096), i % 500 + row);
          batch.score();
        }
      }
      boolean keep = i % 5 == 0;
      Scores scores = model.forward(batch, i % 4, keep);
      if (keep) {
        scores.logits(0, logits);
      }
      if (i % 3 == 0) {
        model.move(new int[] {1, 2}, new int[] {2, 3});
      }
      afterForward.run();
    }
  }
}
