package io.adaspec.engine.exec.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adaspec.engine.TestModels;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Native memory is not collected: what a forward leaves behind stays for good. A leak shows in
/// every round; the JVM's own memory, which comes and goes by megabytes, does not.
final class NativeMemoryTest {
  private static final int ROUNDS = 12;
  private static final int FORWARDS = 3_000;

  /// A tenth of what a result that is not closed costs.
  private static final long MOST_BYTES_PER_FORWARD = 150;

  /// glibc's `struct mallinfo2`: ten counters.
  private static final MemoryLayout COUNTERS =
      MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);

  private static final int MAPPED_BYTES = 4;
  private static final int USED_BYTES = 7;

  @Test
  void thousandsOfForwardsLeaveNothingBehind() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find("mallinfo2").orElse(null);
    assumeTrue(function != null, "not glibc");
    MethodHandle counters = handle(linker, function);
    try (DecoderModel model = TestDecoders.load(TestModels.draft())) {
      forwards(model, FORWARDS);
      long leastGrowth = Long.MAX_VALUE;
      long most = MOST_BYTES_PER_FORWARD * FORWARDS;
      // The JIT compiler allocates from the same heap now and then; a leak shows in every round.
      for (int round = 0; round < ROUNDS && leastGrowth >= most; round++) {
        long before = allocatedBytes(counters);
        forwards(model, FORWARDS);
        leastGrowth = Math.min(leastGrowth, allocatedBytes(counters) - before);
      }
      assertThat(leastGrowth).isLessThan(most);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(Linker linker, MemorySegment function) {
    return linker.downcallHandle(
        function, FunctionDescriptor.of(MemoryLayout.structLayout(COUNTERS)));
  }

  /// What all of the process, libtorch included, has allocated and not freed.
  private static long allocatedBytes(MethodHandle counters) throws Throwable {
    System.gc();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = (MemorySegment) counters.invoke((SegmentAllocator) arena);
      return values.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES)
          + values.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES);
    }
  }

  private static void forwards(DecoderModel model, int count) {
    Random random = new Random(1);
    float[] logits = new float[model.config().vocabularySize()];
    ForwardBatch batch = model.newBatch();
    for (int i = 0; i < count; i++) {
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
    }
  }
}
