package io.adaspec.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.record.Rollouts.Generation;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.trace.TokenLengths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WalksTest {
  private final RolloutLibrary library =
      RolloutLibrary.of(
          new Rollouts(
              new Rollouts.Header(
                  Rollouts.FORMAT_VERSION,
                  "",
                  new Rollouts.Model("t", ""),
                  new Rollouts.Model("d", ""),
                  "",
                  Map.of(),
                  new Rollouts.Prompts("", ""),
                  100,
                  3,
                  2),
              List.of(text("code", 10, 3), text("math", 20, 4), text("code", 30, 5))));

  /// Tokens counting from `first`; every second one is the draft's first choice.
  private static Generation text(String category, int first, int length) {
    byte[] ranks = new byte[length];
    byte[] accepted = new byte[length];
    float[] alternatives = new float[2 * length];
    float[] continuation = new float[2 * length];
    for (int t = 0; t < length; t++) {
      ranks[t] = (byte) (t % 2);
      boolean last = t == length - 1;
      accepted[t] = (byte) (ranks[t] > 0 ? 0 : 1);
      alternatives[2 * t] = 0.5f + t / 100f;
      alternatives[2 * t + 1] = t / 100f;
      continuation[2 * t] = 0.2f;
      continuation[2 * t + 1] = last ? 0.1f : 0.3f;
    }
    return new Generation(
        "p" + first,
        category,
        new int[] {90, 91, 92},
        IntStream.range(first, first + length).toArray(),
        ranks,
        accepted,
        alternatives,
        continuation);
  }

  @Test
  void aWalk_goesRoundItsText() {
    Walks walks = Walks.along(library, new int[] {1}, new int[] {2});
    assertThat(IntStream.range(0, 6).map(p -> library.token(walks.at(0, p))))
        .containsExactly(22, 23, 20, 21, 22, 23);
    assertThat(walks.accepted(0, 0, 8)).isEqualTo(1);
    assertThat(walks.accepted(0, 1, 8)).isZero();
    Walks odd = Walks.along(library, new int[] {0}, new int[] {2});
    assertThat(odd.accepted(0, 0, 8)).as("across the seam").isEqualTo(2);
    assertThat(odd.accepted(0, 0, 1)).isEqualTo(1);
  }

  @Test
  void aRequest_walksAlongATextOfItsCategoryWhereThereIsOne() {
    List<PlannedRequest> requests =
        IntStream.range(0, 60)
            .mapToObj(
                id ->
                    new PlannedRequest(
                        id,
                        id,
                        new TokenLengths(1, 1),
                        List.of("code", "math", "poetry").get(id % 3),
                        Optional.empty()))
            .toList();
    Walks walks = Walks.of(library, requests, 1);
    int[] first = IntStream.range(0, 60).map(id -> library.token(walks.at(id, 0)) / 10).toArray();
    assertThat(every(first, 0)).containsOnly(1, 3);
    assertThat(every(first, 1)).containsOnly(2);
    assertThat(every(first, 2)).containsOnly(1, 2, 3);
  }

  private static int[] every(int[] values, int remainder) {
    return IntStream.range(0, values.length)
        .filter(i -> i % 3 == remainder)
        .map(i -> values[i])
        .toArray();
  }

  @Test
  void aWalk_followsSeedAndRequestAlone() {
    List<PlannedRequest> few =
        IntStream.range(0, 5).mapToObj(id -> Simulations.request(id, id, 1, 1)).toList();
    List<PlannedRequest> more =
        IntStream.range(0, 9).mapToObj(id -> Simulations.request(id, 7L * id, 3, 2)).toList();
    Walks some = Walks.of(library, few, 5);
    Walks all = Walks.of(library, more, 5);
    for (int id = 0; id < 5; id++) {
      assertThat(some.at(id, 3)).isEqualTo(all.at(id, 3));
    }
  }

  @Test
  void thePrompt_isTheTextBeforeTheFirstToken() {
    Walks walks = Walks.along(library, new int[] {1}, new int[] {2});
    assertThat(walks.prompt(0, 4)).containsExactly(91, 92, 20, 21);
    assertThat(walks.prompt(0, 8)).containsExactly(92, 20, 21, 90, 91, 92, 20, 21);
  }

  @Test
  void beyondWhatWasRecorded_theLastRecordedCounts() {
    int at = 0;
    assertThat(library.confidence(at, 5)).isEqualTo(library.confidence(at, 1));
    assertThat(library.continuation(at, 9)).isEqualTo(library.continuation(at, 3));
    assertThat(library.acceptanceByRank()).hasSize(2);
    assertThat(library.acceptanceByRank().get(0)).isGreaterThan(0.5);
  }
}
