package io.adaspec.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.Policies;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LengthScheduleTest {
  private static final List<Long> SEEDS = LongStream.range(0, 5).boxed().toList();

  private static List<Integer> lengths(LengthSchedule schedule) {
    return schedule.rows().stream().map(LengthSchedule.Row::length).toList();
  }

  /// Longer is faster up to a length that falls with the batch.
  private static double falling(int batch, int length) {
    int best = batch <= 2 ? 4 : batch <= 8 ? 1 : 0;
    return 100.0 * batch - 10 * Math.abs(length - best);
  }

  @Test
  void theFastestLength_isChosenWhereTheSeedsAgree() throws IOException {
    LengthSchedule schedule =
        LengthSchedule.search(
            List.of(1, 2, 4, 8, 12),
            6,
            SEEDS,
            (batch, length, seed) -> falling(batch, length) + seed);
    assertThat(lengths(schedule)).containsExactly(4, 4, 1, 1, 0);
    assertThat(schedule.policy()).isEqualTo("batch-schedule:1-2=4,3-8=1,9-12=0");
    assertThat(schedule.json()).isEqualTo("[[1, 2, 4], [3, 8, 1], [9, 12, 0]]");
    assertThat(Policies.parse(schedule.policy()).maxNodes()).isEqualTo(4);
    assertThat(Policies.parse("batch-schedule:" + schedule.json()).maxNodes()).isEqualTo(4);
  }

  @Test
  void theShortestLength_isChosenOfThoseThatChanceDoesNotTellApart() throws IOException {
    LengthSchedule schedule =
        LengthSchedule.search(
            List.of(4),
            3,
            SEEDS,
            (batch, length, seed) ->
                length == 0 ? 80 : 100 + 0.1 * length + (seed % 2 == 0 ? length : -length));
    assertThat(schedule.rows().getFirst().fastest()).isEqualTo(3);
    assertThat(lengths(schedule)).containsExactly(1);
    assertThat(schedule.rows().getFirst().speedup().low()).isGreaterThan(1.2);
  }

  @Test
  void whereNothingPays_thePolicyIsAutoregressive() throws IOException {
    LengthSchedule schedule =
        LengthSchedule.search(List.of(1, 2), 2, List.of(7L), (batch, length, seed) -> 9 - length);
    assertThat(schedule.policy()).isEqualTo("autoregressive");
    assertThat(schedule.json()).isEqualTo("[[1, 2, 0]]");
  }
}
