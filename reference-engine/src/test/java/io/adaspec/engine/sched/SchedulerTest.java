package io.adaspec.engine.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plans and limits.
class SchedulerTest extends HandWrittenSteps {
  @Test
  void integrityCheck_noticesALostBlock() {
    given(2, 64, 16, 0);
    decoding(0, 4, 8);
    scheduler.schedule(now).decodes()[0].blocks().pop();

    assertThatThrownBy(scheduler::checkIntegrity).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlanIsEmptyWithoutRequests() {
    given(2, 64, 16, 0);

    assertThat(scheduler.schedule(now).isEmpty()).isTrue();
    assertThat(scheduler.hasWork()).isFalse();
  }

  @Test
  void stepsAreNumberedFromZero() {
    given(2, 64, 16, 0);
    submit(0, 4, 8);

    assertThat(step().plan().batch().step()).isZero();
    assertThat(step().plan().batch().step()).isEqualTo(1);
    assertThat(scheduler.schedule(555).batch().nowNanos()).isEqualTo(555);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 64, 'max batch must be >= 1: 0'",
    "8, 7, 64, 'max batch tokens must be >= max batch 8: 7'",
    "8, 8, 1, 'max context must be >= 2: 1'",
  })
  void limitsMustMakeSense(int maxBatch, int maxBatchTokens, int maxContext, String complaint) {
    assertThatThrownBy(() -> new SchedulerConfig(maxBatch, maxBatchTokens, maxContext))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(complaint);
  }
}
