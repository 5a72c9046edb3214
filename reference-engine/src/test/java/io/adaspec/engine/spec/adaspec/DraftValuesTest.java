package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Confidences in the middle of their bins, so that acceptance is what they say.
class DraftValuesTest {
  private static final float HIGH = 0.84375f;
  private static final float LOW = 0.28125f;

  private final AcceptanceCalibration calibration = new AcceptanceCalibration(true);
  private final RequestAcceptance requests = new RequestAcceptance(true);
  private final DraftValues values = new DraftValues(calibration, requests);
  private final ValueOrder order = new ValueOrder();

  private DraftBatch begin(BatchView batch) {
    SloSlack slack = new SloSlack(true);
    slack.begin(batch, 100);
    requests.begin(batch);
    values.begin(batch, slack);
    return Batches.begin(batch);
  }

  private static void forward(DraftBatch drafts, float... confidences) {
    int next = 0;
    for (int e = 0; e < drafts.expansions(); e++) {
      for (int child = 0; child < drafts.expansionWidth(e); child++) {
        drafts
            .proposal(drafts.expansionRequest(e))
            .add(drafts.expansionNode(e), child, confidences[next++]);
      }
    }
    drafts.forwardDone();
  }

  /// Root 0 has 2 below it and that 4; root 1, which is urgent, has 3.
  private DraftBatch chains(double price) {
    DraftBatch drafts = begin(Batches.of(Batches.request(10), Batches.request(70, 1, 1, 20, 100)));
    drafts.expand(0, 1);
    drafts.expand(1, 1);
    forward(drafts, HIGH, LOW);
    values.rate(drafts, price);
    drafts.expand(2, 1);
    forward(drafts, LOW);
    values.rate(drafts, price);
    return drafts;
  }

  @Test
  void aValue_isTheRequestsWeightTimesTheAcceptancesAlongThePath() {
    chains(0);

    assertThat(values.value(0)).isEqualTo(1);
    assertThat(values.value(1)).isEqualTo(SloSlack.URGENT);
    assertThat(values.value(2)).isEqualTo(HIGH);
    assertThat(values.value(3)).isEqualTo(SloSlack.URGENT * LOW);
    assertThat(values.value(4)).isCloseTo(HIGH * LOW, within(1e-7));
    assertThat(values.cell(4)).isEqualTo(AcceptanceCalibration.cell(2, 0, LOW));
  }

  @Test
  void whatIsWorthMoreThanThePrice_isCounted() {
    chains(0.5);

    assertThat(values.worthwhile()).isEqualTo(2);
    assertThat(values.worth()).isEqualTo(1 + SloSlack.URGENT + HIGH + SloSlack.URGENT * LOW);
  }

  @Test
  void allDraftTokens_areRanked() {
    chains(0.5);

    values.rank(order);
    order.sort();

    assertThat(IntStream.range(0, 3).map(order::item)).containsExactly(2, 3, 4);
    assertThat(order.sum()).isCloseTo(HIGH + SloSlack.URGENT * LOW + HIGH * LOW, within(1e-7));
  }

  /// Request 1 has no room for a second token.
  @Test
  void leaves_areTheNewTokensThatMayGrow() {
    DraftBatch drafts = chains(0);
    assertThat(values.leafCount()).isEqualTo(1);
    assertThat(values.leaf(0)).isEqualTo(4);
    assertThat(values.leafContext()).isEqualTo(10 + 2);

    values.rankLeaves(order);
    double next = calibration.expectedAcceptance(drafts.forwards() + 1, 0);
    assertThat(order.size()).isEqualTo(1);
    assertThat(order.value(0)).isCloseTo(HIGH * LOW * next, within(1e-7));
  }

  @Test
  void siblings_areRankedByValueAtOnce() {
    DraftBatch drafts = begin(Batches.of(Batches.request(0, 1, 8, 8, Slo.NONE)));
    drafts.expand(0, 2);
    forward(drafts, LOW, HIGH);

    values.rate(drafts, 0);
    values.rankLeaves(order);

    assertThat(values.leaf(order.item(0))).isEqualTo(2);
    assertThat(values.cell(2)).isEqualTo(AcceptanceCalibration.cell(1, 1, HIGH));
    assertThat(calibration.expectedAcceptance(1, 1)).isGreaterThan(0.1);
  }

  @Test
  void aNewStep_startsFromItsRoots() {
    chains(0);

    begin(Batches.ofSize(200));

    assertThat(values.worth()).isEqualTo(200);
    assertThat(values.worthwhile()).isZero();
    values.rank(order);
    assertThat(order.size()).isZero();
  }
}
