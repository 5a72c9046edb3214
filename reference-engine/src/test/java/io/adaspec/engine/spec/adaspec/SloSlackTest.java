package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestView;
import org.junit.jupiter.api.Test;

/// Plain steps of 100 ns, and requests that arrived at 0, emitted their first token at 50 and may
/// emit nine more after the next.
class SloSlackTest {
  private static final double PLAIN = 100;
  private static final long NONE = Slo.NONE;

  private final SloSlack slack = new SloSlack(true);

  private static RequestView request(long ttft, long tpot, long e2e, int outputTokens) {
    return new RequestView(
        0, Batches.TOKENS, 0, 1, 8, 9, outputTokens, new Slo(ttft, tpot, e2e), 0, 50);
  }

  private static BatchView at(long now, RequestView... requests) {
    return new BatchView(0, now, requests, 0, 0, 0, 0);
  }

  @Test
  void withoutObjectives_nothingIsUrgentAndNoStepTooLong() {
    slack.begin(at(10_000, request(NONE, NONE, NONE, 1)), PLAIN);

    assertThat(slack.weight(0)).isEqualTo(1);
    assertThat(slack.limitNanos()).isInfinite();
  }

  /// The third token is due at 50 + 2 · 200.
  @Test
  void aTokenThatIsDueWithinTwoSteps_isUrgent() {
    RequestView request = request(NONE, 200, NONE, 2);

    assertThat(SloSlack.slackNanos(request, 240)).isEqualTo(210);
    assertThat(SloSlack.weight(request, 240, PLAIN)).isEqualTo(1);
    assertThat(SloSlack.weight(request, 260, PLAIN)).isEqualTo(SloSlack.URGENT);
  }

  @Test
  void aReplyThatSpeculationCannotEndInTime_weighsLess() {
    assertThat(SloSlack.weight(request(NONE, 49, NONE, 1), 50, PLAIN)).isEqualTo(SloSlack.LOST);
    assertThat(SloSlack.weight(request(NONE, 51, NONE, 1), 50, PLAIN)).isEqualTo(SloSlack.URGENT);
    assertThat(SloSlack.weight(request(NONE, NONE, 549, 1), 50, PLAIN)).isEqualTo(SloSlack.LOST);
    assertThat(SloSlack.weight(request(NONE, NONE, 551, 1), 50, PLAIN)).isEqualTo(SloSlack.URGENT);
  }

  @Test
  void aRequestWhoseFirstTokenWasLate_weighsLessAndHoldsNobodyBack() {
    slack.begin(at(50, request(49, 150, NONE, 1), request(50, 1000, NONE, 1)), PLAIN);

    assertThat(slack.weight(0)).isEqualTo(SloSlack.LOST);
    assertThat(slack.weight(1)).isEqualTo(1);
    assertThat(slack.limitNanos()).isEqualTo(1000 + 9 * (1000 - 100));
  }

  /// Nine plain steps after this one, and the reply is due at 10 · 150.
  @Test
  void aStepMayTakeWhatPlainStepsMakeUpFor() {
    slack.begin(at(50, request(NONE, NONE, NONE, 1), request(NONE, 150, NONE, 1)), PLAIN);
    assertThat(slack.limitNanos()).isEqualTo(1500 - 900);

    slack.begin(at(50, request(NONE, NONE, 1100, 1), request(NONE, 150, NONE, 1)), PLAIN);
    assertThat(slack.limitNanos()).isEqualTo(1100 - 50 - 900);
  }

  /// What forbids speculation to those that it alone can save would make them late for certain.
  @Test
  void aRequestThatPlainStepsWouldMakeLate_holdsNoStepBack() {
    slack.begin(at(50, request(NONE, 99, NONE, 1)), PLAIN);
    assertThat(slack.limitNanos()).isInfinite();

    slack.begin(at(50, request(NONE, 100, NONE, 1)), PLAIN);
    assertThat(slack.limitNanos()).isEqualTo(100);
  }

  @Test
  void switchedOff_theTightestPaceLimitsEveryStepAndAllWeighTheSame() {
    SloSlack alike = new SloSlack(false);

    alike.begin(at(5000, request(1, 300, NONE, 1), request(NONE, 80, NONE, 1)), PLAIN);

    assertThat(alike.limitNanos()).isEqualTo(80);
    assertThat(alike.weight(0)).isEqualTo(1);
    assertThat(alike.weight(1)).isEqualTo(1);
  }
}
