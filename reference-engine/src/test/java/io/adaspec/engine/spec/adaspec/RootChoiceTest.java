package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestView;
import org.junit.jupiter.api.Test;

/// Plain steps of 100 ns; six of ten first choices are thought to be accepted.
class RootChoiceTest {
  private final RequestAcceptance requests = new RequestAcceptance(true);

  private int choose(RootChoice roots, LinearCost cost, boolean perRequest, RequestView... of) {
    BatchView batch = Batches.of(of);
    StepTimes times = new StepTimes(cost);
    SloSlack slack = new SloSlack(perRequest);
    times.begin(batch);
    slack.begin(batch, times.plainNanos());
    requests.begin(batch);
    return roots.choose(batch, Batches.begin(batch), times, slack, batch.size());
  }

  private RootChoice upTo(int maxDepth) {
    return new RootChoice(maxDepth, new AcceptanceCalibration(true), requests);
  }

  private static RequestView request(int lag, int maxNodes) {
    return Batches.request(100, lag, maxNodes, 20, Slo.NONE);
  }

  /// 1.6 tokens in 159 ns are more than one in 100, in 161 ns they are not.
  @Test
  void drafting_startsWhereItsFirstTokenPays() {
    assertThat(choose(upTo(1), LinearCost.of(59, 100, 0), true, request(1, 8))).isEqualTo(1);
    assertThat(choose(upTo(1), LinearCost.of(61, 100, 0), true, request(1, 8))).isZero();
  }

  /// One token in 161 ns does not pay, two do: 1.96 in 162.
  @Test
  void fixedCosts_areSharedByLongerChains() {
    LinearCost cost = LinearCost.of(1, 100, 0);
    cost.draftOverhead = 60;

    assertThat(choose(upTo(1), cost, true, request(1, 8))).isZero();
    assertThat(choose(upTo(2), cost, true, request(1, 8))).isEqualTo(1);
  }

  @Test
  void aRequestWithoutRoom_isNotChosen() {
    LinearCost cheap = LinearCost.of(1, 100, 0);
    RootChoice roots = upTo(8);

    assertThat(choose(roots, cheap, true, request(1, 0), request(1, 8))).isEqualTo(1);
    assertThat(roots.request(0)).isEqualTo(1);
    assertThat(choose(roots, cheap, true, request(1, 0))).isZero();
  }

  @Test
  void catchingUp_costsRank_andTooMuchOfItTheChoice() {
    LinearCost cost = LinearCost.of(1, 100, 0);
    cost.draftPerToken = 0.1;
    RootChoice roots = upTo(8);

    assertThat(choose(roots, cost, true, request(50, 8), request(1, 8))).isEqualTo(2);
    assertThat(roots.request(0)).isEqualTo(1);
    assertThat(roots.request(1)).isZero();
    assertThat(roots.catchUpNanos(0)).isGreaterThan(4);
    assertThat(roots.catchUpNanos(1)).isZero();

    assertThat(choose(roots, cost, true, request(50_000, 8), request(1, 8))).isEqualTo(1);
    assertThat(roots.request(0)).isEqualTo(1);
  }

  @Test
  void aStepBeyondTheLimit_isNotChosen() {
    LinearCost cheap = LinearCost.of(5, 100, 0);
    RequestView hurried = Batches.request(100, 1, 8, 20, 104);
    RequestView calm = Batches.request(100, 1, 8, 20, 106);

    assertThat(choose(upTo(1), cheap, false, hurried)).isZero();
    assertThat(choose(upTo(1), cheap, false, calm)).isEqualTo(1);
  }
}
