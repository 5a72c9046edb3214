package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RequestAcceptanceTest {
  private final RequestAcceptance requests = new RequestAcceptance(true);

  @Test
  void atFirst_acceptanceIsWhatTheCalibrationSays_butNeverCertain() {
    requests.begin(Batches.ofIds(1, 2));

    assertThat(requests.of(0, 0.5)).isEqualTo(0.5);
    assertThat(requests.of(1, 0.999)).isEqualTo(RequestAcceptance.MOST);
  }

  /// Half a token was expected and none came: 16 of 16.5 for all, and of those 8 in 8.5.
  @Test
  void aRejection_countsForItsRequest_andLessForTheOthers() {
    requests.begin(Batches.ofIds(1, 2));
    requests.judged(0, 1, 0.5, 0);
    requests.begin(Batches.ofIds(1, 2));

    double all = 16 / 16.5;
    assertThat(requests.of(1, 0.5)).isEqualTo(0.5 * all, within(1e-12));
    assertThat(requests.of(0, 0.5)).isEqualTo(0.5 * 8 * all / 8.5, within(1e-12));
  }

  @Test
  void acceptedMoreOftenThanExpected_theRatioExceedsOne() {
    requests.begin(Batches.ofIds(1));
    requests.judged(0, 1, 0.5, 1);
    requests.begin(Batches.ofIds(1));

    assertThat(requests.of(0, 0.5)).isGreaterThan(0.5);
  }

  @Test
  void whatIsKnown_followsTheRequestToItsNewPlace_andEndsWithIt() {
    requests.begin(Batches.ofIds(1, 2));
    requests.judged(1, 1, 0.5, 0);
    requests.begin(Batches.ofIds(2, 3));
    assertThat(requests.of(0, 0.5)).isLessThan(requests.of(1, 0.5));

    requests.begin(Batches.ofIds(3));
    requests.begin(Batches.ofIds(2, 3));
    assertThat(requests.of(0, 0.5)).isEqualTo(requests.of(1, 0.5));
  }

  @Test
  void aChange_isFollowedWithinAHundredTokens() {
    requests.begin(Batches.ofIds(1));
    for (int step = 0; step < 200; step++) {
      requests.judged(0, 5, 5 * 0.8, 5);
    }
    for (int step = 0; step < 20; step++) {
      requests.judged(0, 5, 5 * 0.8, 0);
    }
    requests.begin(Batches.ofIds(1));

    assertThat(requests.of(0, 0.8)).isLessThan(0.25);
  }

  @Test
  void switchedOff_itLearnsNothing() {
    RequestAcceptance off = new RequestAcceptance(false);
    off.begin(Batches.ofIds(1));
    off.judged(0, 1, 0.5, 0);
    off.begin(Batches.ofIds(1));

    assertThat(off.of(0, 0.5)).isEqualTo(0.5);
  }
}
