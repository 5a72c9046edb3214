package io.adaspec.workload.prompt;

import static io.adaspec.workload.prompt.CharacterTokenizer.BOS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PromptFitterTest {
  private static final String ZERO = "0".repeat(64);
  private static final PromptSet SET =
      new PromptSet(
          "set",
          ZERO,
          List.of(
              new Prompt("a", "letters", "a b  c\n\nd e"),
              new Prompt("b", "letters", "fgh ij k"),
              new Prompt("c", "digits", "12  34"),
              new Prompt("d", "digits", "567 8")));

  private final PromptFitter fitter = new PromptFitter(SET, new CharacterTokenizer(), 7);

  @Property(tries = 500, seed = "5")
  void promptsHaveTheirExactLengthAndAValidEnd(
      @ForAll @IntRange(max = 1000) int index, @ForAll @IntRange(min = 1, max = 200) int length) {
    int[] prompt = fitter.fit(index, "letters", length);

    assertThat(prompt).hasSize(length);
    assertThat(prompt[0]).isEqualTo(BOS);
    assertThat(IntStream.of(prompt).skip(1)).doesNotContain(BOS);
    assertThat(length == 1 || !Character.isWhitespace(prompt[length - 1])).isTrue();
    assertThat(CharacterTokenizer.decode(prompt)).doesNotContainPattern("[0-9]");
  }

  @Property(tries = 300, seed = "6")
  void aShorterPromptIsAPrefixButForItsLastToken(
      @ForAll @IntRange(max = 1000) int index,
      @ForAll @IntRange(min = 2, max = 100) int length,
      @ForAll @IntRange(min = 1, max = 100) int more) {
    int[] shorter = fitter.fit(index, "digits", length);
    int[] longer = fitter.fit(index, "digits", length + more);

    assertThat(Arrays.copyOf(shorter, length - 1)).isEqualTo(Arrays.copyOf(longer, length - 1));
  }

  @Test
  void promptsAreAFunctionOfSeedAndIndex() {
    PromptFitter same = new PromptFitter(SET, new CharacterTokenizer(), 7);
    PromptFitter other = new PromptFitter(SET, new CharacterTokenizer(), 8);

    assertThat(all(same)).isEqualTo(all(fitter)).isNotEqualTo(all(other));
    assertThat(Set.copyOf(all(fitter))).hasSizeGreaterThan(10);
  }

  @Test
  void promptsAreJoinedByEmptyLinesInTheSetsOwnWords() {
    String text = CharacterTokenizer.decode(fitter.fit(3, "letters", 120)).substring(2);

    String[] parts = text.split("\n\n(?!d e)");

    assertThat(parts.length).isGreaterThan(5);
    assertThat(Arrays.asList(parts).subList(1, parts.length - 1))
        .containsOnly("a b  c\n\nd e", "fgh ij k");
  }

  @Test
  void aboutHalfOfThePromptsBeginAtTheBeginning() {
    long atBeginning =
        IntStream.range(0, 2000)
            .filter(
                index -> {
                  int first = fitter.fit(index, "digits", 5)[1];
                  return first == '1' || first == '5';
                })
            .count();

    // One half, and of the other half those whose random start is 0: 1/4 or 1/3 of them.
    assertThat(atBeginning / 2000.0)
        .isCloseTo(0.5 + 0.5 * (0.25 + 1 / 3.0) / 2, Offset.offset(0.05));
  }

  @Test
  void categoriesAreDrawnEvenly() {
    var counts =
        IntStream.range(0, 2000)
            .mapToObj(fitter::categoryOf)
            .collect(Collectors.groupingBy(category -> category, Collectors.counting()));

    assertThat(counts).containsOnlyKeys("letters", "digits");
    assertThat(counts.get("letters") / 2000.0).isCloseTo(0.5, Offset.offset(0.05));
  }

  @Test
  void withoutABeginningOfTextTokenAllTokensAreText() {
    PromptFitter plain = new PromptFitter(SET, new CharacterTokenizer(OptionalInt.empty()), 7);

    int[] prompt = plain.fit(0, "digits", 30);

    assertThat(prompt).hasSize(30).doesNotContain(BOS);
    assertThat(plain.fit(0, "digits", 1)).hasSize(1);
  }

  @Test
  void embeddedPromptsFitAnyLength() throws IOException {
    PromptFitter embedded = new PromptFitter(PromptSet.embedded(), new CharacterTokenizer(), 1);

    for (String category : embedded.categories()) {
      assertThat(embedded.fit(0, category, 50_000)).hasSize(50_000);
    }
  }

  @Test
  void badInputIsRefused() {
    PromptSet ending = new PromptSet("s", ZERO, List.of(new Prompt("p", "c", "ends here \n")));

    assertThatThrownBy(() -> new PromptFitter(ending, new CharacterTokenizer(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt p ");
    assertThatThrownBy(() -> fitter.fit(0, "prose", 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no prompts of category \"prose\", there are [digits, letters]");
    assertThatThrownBy(() -> fitter.fit(0, "letters", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
  }

  private static List<String> all(PromptFitter fitter) {
    return IntStream.range(0, 20)
        .mapToObj(index -> CharacterTokenizer.decode(fitter.fit(index, "letters", 100)))
        .toList();
  }
}
