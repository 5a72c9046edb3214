package io.adaspec.workload.prompt;

import static io.adaspec.workload.prompt.CharacterTokenizer.BOS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.workload.prompt.PromptAssembler.Assembled;
import io.adaspec.workload.trace.PromptBlocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PromptAssemblerTest {
  private static final PromptSet EMBEDDED = embedded();

  private final PromptAssembler assembler = newAssembler();

  @Test
  void requestsWithEqualBlocksHaveEqualPrompts() {
    Assembled first = assembler.assemble(0, Optional.empty(), 30, blocks(16, 1, 2));
    Assembled second = assembler.assemble(1, Optional.of("math"), 30, blocks(16, 1, 2));

    assertThat(second.tokens()).isEqualTo(first.tokens());
    assertThat(second.category()).isEqualTo(first.category());
  }

  @Test
  void aSharedPrefixIsSharedAndTheRestIsNot() {
    int[] first = assembler.assemble(0, Optional.of("code"), 64, blocks(16, 1, 2, 3, 4)).tokens();
    Assembled second = assembler.assemble(1, Optional.of("prose"), 64, blocks(16, 1, 2, 5, 6));

    assertThat(Arrays.copyOf(second.tokens(), 32)).isEqualTo(Arrays.copyOf(first, 32));
    assertThat(Arrays.copyOfRange(second.tokens(), 32, 64))
        .isNotEqualTo(Arrays.copyOfRange(first, 32, 64));
    assertThat(second.category()).isEqualTo("prose");
  }

  /// A prompt's own part is text as the fitter gives it, not a patchwork of blocks.
  @Test
  void newBlocksContinueOneAnother() {
    PromptFitter fitter = new PromptFitter(EMBEDDED, new CharacterTokenizer(), 3);

    int[] prompt =
        assembler.assemble(5, Optional.of("prose"), 96, blocks(16, 1, 2, 3, 4, 5, 6)).tokens();

    assertThat(prompt).isEqualTo(fitter.fit(5, "prose", 96));
  }

  @Test
  void aCutPromptKeepsThePrefixOfItsLastBlockButForTheLastToken() {
    for (int length = 17; length <= 32; length++) {
      PromptAssembler fresh = newAssembler();
      int[] whole = fresh.assemble(0, Optional.of("prose"), 32, blocks(16, 1, 2)).tokens();
      int[] cut = fresh.assemble(1, Optional.of("code"), length, blocks(16, 1, 2)).tokens();

      assertThat(cut).hasSize(length);
      assertThat(Arrays.copyOf(cut, length - 1)).isEqualTo(Arrays.copyOf(whole, length - 1));
      assertThat(Character.isWhitespace(cut[length - 1])).isFalse();
    }
  }

  @Property(tries = 200, seed = "8")
  void equalIdsAreEqualTokensWhereverTheyStand(
      @ForAll @Size(min = 1, max = 8)
          List<@Size(min = 1, max = 6) List<@IntRange(max = 5) Integer>> trace,
      @ForAll @IntRange(min = 30, max = 900) int scalePerMille) {
    PromptAssembler fresh = newAssembler();
    Map<Long, int[]> seen = new HashMap<>();
    for (int request = 0; request < trace.size(); request++) {
      PromptBlocks blocks =
          new PromptBlocks(
              trace.get(request).stream().map(Integer::longValue).toList(),
              100,
              scalePerMille / 1000.0);
      int[] prompt =
          fresh
              .assemble(request, Optional.empty(), blocks.capacity(), Optional.of(blocks))
              .tokens();

      assertThat(prompt).hasSize(blocks.capacity());
      assertThat(IntStream.of(prompt).skip(1)).doesNotContain(BOS);
      assertThat(prompt[0]).isEqualTo(BOS);
      for (int i = 0; i < blocks.ids().size(); i++) {
        // The first token may be the beginning of the text, the last one may have been replaced.
        int to = Math.min(blocks.boundary(i + 1), prompt.length - 1);
        int[] tokens = Arrays.copyOfRange(prompt, Math.min(blocks.boundary(i) + 1, to), to);
        int[] earlier = seen.merge(blocks.ids().get(i), tokens, (old, now) -> longer(old, now));
        int both = Math.min(earlier.length, tokens.length);
        assertThat(Arrays.copyOf(tokens, both)).isEqualTo(Arrays.copyOf(earlier, both));
      }
    }
  }

  @Test
  void withoutBlocksThePromptIsTheFitters() {
    PromptFitter fitter = new PromptFitter(EMBEDDED, new CharacterTokenizer(), 3);

    Assembled assembled = assembler.assemble(9, Optional.empty(), 40, Optional.empty());

    assertThat(assembled.category()).isEqualTo(fitter.categoryOf(9));
    assertThat(assembled.tokens()).isEqualTo(fitter.fit(9, assembled.category(), 40));
  }

  @Test
  void aPromptLongerThanItsBlocksIsRefused() {
    assertThatThrownBy(() -> assembler.assemble(0, Optional.empty(), 33, blocks(16, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt of 33 tokens exceeds its blocks' 32");
  }

  private static int[] longer(int[] one, int[] two) {
    return one.length >= two.length ? one : two;
  }

  private static Optional<PromptBlocks> blocks(int blockTokens, long... ids) {
    return Optional.of(PromptBlocks.recorded(LongStream.of(ids).boxed().toList(), blockTokens));
  }

  private static PromptAssembler newAssembler() {
    return new PromptAssembler(new PromptFitter(EMBEDDED, new CharacterTokenizer(), 3));
  }

  private static PromptSet embedded() {
    try {
      return PromptSet.embedded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
