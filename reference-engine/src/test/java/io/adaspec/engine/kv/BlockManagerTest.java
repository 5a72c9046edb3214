package io.adaspec.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.request.Slo;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockManagerTest {
  private static Sequence sequence(long id) {
    return new Sequence(
        new Request(id, new int[1], 1, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "4, 1", "5, 2", "8, 2", "9, 3"})
  void aStartedBlockCountsWhole(int cells, int blocks) {
    assertThat(new BlockManager(8, 4).blocksFor(cells)).isEqualTo(blocks);
  }

  @Test
  void reserve_takesOnlyWhatIsMissing() {
    BlockManager manager = new BlockManager(8, 4);
    Sequence sequence = sequence(0);

    assertThat(manager.reserve(sequence, 5)).isTrue();
    assertThat(manager.usedBlocks()).isEqualTo(2);
    assertThat(manager.reserve(sequence, 8)).isTrue();
    assertThat(manager.reserve(sequence, 3)).isTrue();
    assertThat(manager.usedBlocks()).isEqualTo(2);
    assertThat(manager.reserve(sequence, 9)).isTrue();
    assertThat(manager.usedBlocks()).isEqualTo(3);
  }

  @Test
  void reserveBeyondWhatIsFree_changesNothing() {
    BlockManager manager = new BlockManager(3, 4);
    Sequence first = sequence(0);
    Sequence second = sequence(1);
    manager.reserve(first, 8);

    assertThat(manager.reserve(second, 5)).isFalse();

    assertThat(second.blocks().size()).isZero();
    assertThat(manager.freeBlocks()).isEqualTo(1);
    assertThat(manager.available(first)).isEqualTo(12);
    assertThat(manager.available(second)).isEqualTo(4);
    assertThat(manager.reserve(second, 4)).isTrue();
    assertThat(manager.freeBlocks()).isZero();
  }

  @Test
  void truncate_keepsThePartlyUsedBlockAndTheOrder() {
    BlockManager manager = new BlockManager(4, 4);
    Sequence sequence = sequence(0);
    manager.reserve(sequence, 16);
    int first = sequence.blocks().block(0);
    int second = sequence.blocks().block(1);

    manager.truncate(sequence, 5);

    assertThat(sequence.blocks().size()).isEqualTo(2);
    assertThat(sequence.blocks().slot(3, 4)).isEqualTo(4 * first + 3);
    assertThat(sequence.blocks().slot(4, 4)).isEqualTo(4 * second);
    assertThat(manager.freeBlocks()).isEqualTo(2);
  }

  @Test
  void releasedBlocksServeOthers() {
    BlockManager manager = new BlockManager(2, 4);
    Sequence first = sequence(0);
    Sequence second = sequence(1);
    manager.reserve(first, 8);

    manager.release(first);

    assertThat(manager.usedBlocks()).isZero();
    assertThat(manager.reserve(second, 8)).isTrue();
    manager.checkConservation(List.of(first, second));
  }

  @Test
  void aTableGrowsBeyondItsFirstArray() {
    BlockManager manager = new BlockManager(40, 1);
    Sequence sequence = sequence(0);

    manager.reserve(sequence, 40);

    Set<Integer> slots = new HashSet<>();
    IntStream.range(0, 40).forEach(cell -> slots.add(sequence.blocks().slot(cell, 1)));
    assertThat(slots).hasSize(40);
  }

  @Test
  void conservationCheck_namesALostBlock() {
    BlockManager manager = new BlockManager(3, 4);
    Sequence sequence = sequence(0);
    manager.reserve(sequence, 4);
    int lost = sequence.blocks().block(0);

    assertThatThrownBy(() -> manager.checkConservation(List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("block " + lost + " has 0 owners");
  }

  @Test
  void conservationCheck_namesABlockHeldTwice() {
    BlockManager manager = new BlockManager(3, 4);
    Sequence first = sequence(0);
    Sequence second = sequence(1);
    manager.reserve(first, 4);
    second.blocks().push(first.blocks().block(0));

    assertThatThrownBy(() -> manager.checkConservation(List.of(first, second)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("block " + first.blocks().block(0) + " has 2 owners");
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "4, 0", "-1, 4"})
  void sizesMustBePositive(int blocks, int blockSize) {
    assertThatThrownBy(() -> new BlockManager(blocks, blockSize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(blocks + ", " + blockSize);
  }

  /// One random call: what is done to which of four sequences.
  record Call(Kind kind, int sequence, int cells) {
    enum Kind {
      RESERVE,
      TRUNCATE,
      RELEASE
    }
  }

  @Provide
  Arbitrary<List<Call>> calls() {
    return Combinators.combine(
            Arbitraries.of(Call.Kind.class),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 40))
        .as(Call::new)
        .list()
        .ofMaxSize(100);
  }

  @Property(tries = 200, seed = "1")
  void anyCalls_conserveBlocksAndKeepEveryHeldCellsSlot(@ForAll("calls") List<Call> calls) {
    int blockSize = 4;
    BlockManager manager = new BlockManager(12, blockSize);
    List<Sequence> sequences = IntStream.range(0, 4).mapToObj(id -> sequence(id)).toList();
    for (Call call : calls) {
      Sequence sequence = sequences.get(call.sequence());
      int before = sequence.blocks().size();
      int free = manager.freeBlocks();
      int needed = manager.blocksFor(call.cells());
      int[] slots = slots(sequence, Math.min(before, needed), blockSize);
      switch (call.kind()) {
        case RESERVE -> {
          boolean fits = needed - before <= free;
          assertThat(manager.reserve(sequence, call.cells())).isEqualTo(fits);
          assertThat(sequence.blocks().size()).isEqualTo(fits ? Math.max(before, needed) : before);
        }
        case TRUNCATE -> {
          manager.truncate(sequence, call.cells());
          assertThat(sequence.blocks().size()).isEqualTo(Math.min(before, needed));
        }
        case RELEASE -> {
          manager.release(sequence);
          assertThat(sequence.blocks().size()).isZero();
          slots = new int[0];
        }
      }
      assertThat(slots(sequence, slots.length / blockSize, blockSize)).isEqualTo(slots);
      assertThat(manager.freeBlocks() + manager.usedBlocks()).isEqualTo(manager.totalBlocks());
      assertThat(manager.usedBlocks())
          .isEqualTo(sequences.stream().mapToInt(s -> s.blocks().size()).sum());
      manager.checkConservation(sequences);
    }
  }

  private static int[] slots(Sequence sequence, int blocks, int blockSize) {
    return IntStream.range(0, blocks * blockSize)
        .map(cell -> sequence.blocks().slot(cell, blockSize))
        .toArray();
  }
}
