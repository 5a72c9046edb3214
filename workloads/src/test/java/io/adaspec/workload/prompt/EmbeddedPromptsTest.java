package io.adaspec.workload.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.workload.SharedData;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddedPromptsTest {
  private static final int RUN = 8;

  @Test
  void thereAre15PromptsOfEachDomain() throws IOException {
    assertThat(PromptSet.embedded().byCategory())
        .containsOnlyKeys("code", "docs", "math", "prose", "speeches")
        .allSatisfy((category, prompts) -> assertThat(prompts).hasSize(15));
  }

  @Test
  void promptsAreAsciiOfModerateLengthAndDoNotEndInWhiteSpace() throws IOException {
    assertThat(PromptSet.embedded().prompts())
        .extracting(Prompt::text)
        .doesNotHaveDuplicates()
        .allSatisfy(
            text -> {
              assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
              assertThat(text.length()).isBetween(150, 600);
              assertThat(text).isEqualTo(text.stripTrailing());
            });
  }

  @Test
  void mathPromptsAreQuestionsThatAwaitAnAnswer() throws IOException {
    assertThat(PromptSet.embedded().byCategory().get("math"))
        .extracting(Prompt::text)
        .allMatch(text -> text.startsWith("Question: ") && text.contains("\nAnswer:"));
  }

  /// The held-out prompts are for measurements and must not leak into this set.
  @Test
  void noRunOfWordsIsSharedWithTheHeldOutPrompts() throws IOException {
    PromptSet heldOut = PromptSet.read(SharedData.require("models/prompts-heldout.jsonl"));

    Set<List<String>> shared = runs(PromptSet.embedded());
    assertThat(shared).isNotEmpty();
    shared.retainAll(runs(heldOut));

    assertThat(shared).isEmpty();
  }

  private static Set<List<String>> runs(PromptSet set) {
    Set<List<String>> runs = new HashSet<>();
    for (Prompt prompt : set.prompts()) {
      List<String> words = List.of(prompt.text().strip().split("\\s+"));
      for (int i = 0; i + RUN <= words.size(); i++) {
        runs.add(words.subList(i, i + RUN));
      }
    }
    return runs;
  }
}
