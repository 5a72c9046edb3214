package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import org.junit.jupiter.api.Test;

/// Costs are `draft` per draft forward and `100 + n` per verification of n tokens, so that one
/// request without drafts has G(0) = 1/101.
class AdaptiveDrafterTest {
  private static AdaptiveDrafter drafter(int maxLength, double draft) {
    return drafter(maxLength, LinearCost.of(draft, 100, 1));
  }

  private static AdaptiveDrafter drafter(int maxLength, LinearCost cost) {
    return new AdaptiveDrafter(maxLength, 1, new EfficiencyEstimator(cost));
  }

  /// Drafts a whole step of one request with these confidences, as many as are asked for.
  ///
  /// @return the length of the chain
  private static int draft(AdaptiveDrafter drafter, BatchView batch, double... confidences) {
    DraftBatch drafts = Batches.begin(batch);
    drafter.grow(batch, drafts);
    for (int depth = 0; drafts.expansions() > 0; depth++) {
      Batches.forward(drafts, confidences[depth]);
      drafter.grow(batch, drafts);
    }
    return drafts.proposal(0).size();
  }

  @Test
  void theMeanConfidence_startsAtSixTenths() {
    assertThat(drafter(8, 10).meanConfidence()).isEqualTo(0.6);
  }

  @Test
  void theMeanConfidence_runsOverAllDraftedTokens() {
    AdaptiveDrafter drafter = drafter(2, 1);

    draft(drafter, Batches.ofSize(1), 0.9, 0.5);
    assertThat(drafter.meanConfidence()).isCloseTo((0.6 + 0.9 + 0.5) / 3, within(1e-7));

    draft(drafter, Batches.ofSize(1), 1.0, 1.0);
    assertThat(drafter.meanConfidence()).isCloseTo((0.6 + 0.9 + 0.5 + 2) / 5, within(1e-7));
  }

  /// G(1) = 1.6 / 62 < G(0) = 1 / 21.
  @Test
  void whereOneTokenDoesNotPay_nothingIsDrafted() {
    AdaptiveDrafter drafter = drafter(8, LinearCost.of(40, 20, 1));

    assertThat(draft(drafter, Batches.ofSize(1))).isZero();
    assertThat(drafter.expectedTokens()).isEqualTo(1);
    assertThat(drafter.draftTokens()).isZero();
  }

  /// T(0) = 100 and T(1) = 160: G(1) = 1.6 / 160 = G(0). A hair cheaper and it pays.
  @Test
  void whereOneTokenMakesNoDifference_nothingIsDrafted() {
    assertThat(1.6 / 160).isEqualTo(1.0 / 100);

    assertThat(draft(drafter(8, LinearCost.of(50, 90, 10)), Batches.ofSize(1))).isZero();
    assertThat(draft(drafter(1, LinearCost.of(49.9, 90, 10)), Batches.ofSize(1), 0.5)).isEqualTo(1);
  }

  /// G(0) = 1/101 = .00990; G(1) with .35 = 1.35/132 = .01023; extrapolated with (.6 + .35)/2, G(2)
  /// = (1.35 + .35·.475)/163 = .00930.
  @Test
  void anExtrapolatedDrop_stopsBeforeTheForward() {
    AdaptiveDrafter drafter = drafter(8, 30);

    assertThat(draft(drafter, Batches.ofSize(1), 0.35)).isEqualTo(1);
    assertThat(drafter.expectedTokens()).isCloseTo(1.35, within(1e-7));
  }

  /// G(1) = 1.9/112 = .01696; extrapolated with .75, G(2) = 2.575/123 = .02093; the second token's
  /// .05 makes it 1.945/123 = .01581.
  @Test
  void aRealDrop_stopsAndKeepsTheLastForwardsTokens() {
    AdaptiveDrafter drafter = drafter(8, 10);

    assertThat(draft(drafter, Batches.ofSize(1), 0.9, 0.05)).isEqualTo(2);
    assertThat(drafter.expectedTokens()).isCloseTo(1.945, within(1e-7));
    assertThat(drafter.draftTokens()).isEqualTo(2);
  }

  /// G(1) real = 1.3/132 = .00985 < G(0) = .00990.
  @Test
  void aRealDropBelowNoSpeculation_keepsTheFirstToken() {
    assertThat(draft(drafter(8, 30), Batches.ofSize(1), 0.3)).isEqualTo(1);
  }

  @Test
  void certainDrafts_goOnToTheLongestLength() {
    assertThat(draft(drafter(3, 1), Batches.ofSize(1), 1, 1, 1)).isEqualTo(3);
    assertThat(draft(drafter(8, 1), Batches.ofSize(1), 1, 1, 1, 1, 1, 1, 1, 1)).isEqualTo(8);
  }

  /// Where drafts are free, tokens without hope leave G as it is: only a fall stops.
  @Test
  void equalGoodputAfterAForward_goesDeeper() {
    LinearCost free = LinearCost.of(0, 100, 0);

    assertThat(draft(drafter(2, free), Batches.ofSize(1), 0, 0)).isEqualTo(2);
  }

  @Test
  void theDraftOverheadCountsAgainstSpeculation() {
    LinearCost cost = LinearCost.of(10, 100, 1);
    assertThat(draft(drafter(1, cost), Batches.ofSize(1), 0.5)).isEqualTo(1);

    cost.draftOverhead = 100;
    assertThat(draft(drafter(1, cost), Batches.ofSize(1))).isZero();
  }

  /// The draft overhead is paid with the first token, so that a second would look good again: G(0)
  /// = 1/101 = .00990, real G(1) = 1.5/153 = .00980, extrapolated G(2) = 1.775/155 = .01145.
  @Test
  void aRealDrop_stopsEvenWhereTheNextTokenLooksGood() {
    LinearCost cost = LinearCost.of(1, 100, 1);
    cost.draftOverhead = 50;

    assertThat(draft(drafter(8, cost), Batches.ofSize(1), 0.5, 0.5)).isEqualTo(1);
  }

  /// A request's cached tokens are read once, whatever it drafts: 1000 + 101 with G(1) = 1.6/1112.
  @Test
  void contextReadAnyway_makesDraftTokensCheap() {
    LinearCost cost = LinearCost.of(70, 100, 1);
    assertThat(draft(drafter(1, cost), Batches.of(Batches.request(1000)))).isZero();

    cost.verifyPerContext = 1;
    assertThat(draft(drafter(1, cost), Batches.of(Batches.request(1000)), 0.9)).isEqualTo(1);
  }

  /// T(0) = 101, T(1) = 10 + 102 = 112.
  @Test
  void aStepBeyondTheObjective_isNotEligible() {
    assertThat(draft(drafter(1, 10), Batches.of(Batches.request(0, 1, 8, 8, 112)), 0.9))
        .isEqualTo(1);
    assertThat(draft(drafter(1, 10), Batches.of(Batches.request(0, 1, 8, 8, 111)))).isZero();
  }

  /// T(2) = 20 + 103 = 123, T(3) = 30 + 104 = 134.
  @Test
  void theObjectiveBoundsTheLength() {
    assertThat(draft(drafter(8, 10), Batches.of(Batches.request(0, 1, 8, 8, 133)), 1, 1))
        .isEqualTo(2);
  }

  @Test
  void whereNotEvenAPlainStepKeepsTheObjective_nothingIsDrafted() {
    assertThat(draft(drafter(8, 10), Batches.of(Batches.request(0, 1, 8, 8, 50)))).isZero();
  }

  @Test
  void theTightestRequestDecidesForTheBatch() {
    BatchView batch =
        Batches.of(Batches.request(0, 1, 8, 8, Slo.NONE), Batches.request(0, 1, 8, 8, 103));
    DraftBatch drafts = Batches.begin(batch);

    drafter(8, 10).grow(batch, drafts);

    assertThat(drafts.expansions()).isZero();
  }

  @Test
  void requestsWithoutRoom_areLeftOut() {
    BatchView batch =
        Batches.of(
            Batches.request(0, 1, 0, 8, Slo.NONE),
            Batches.request(0, 1, 8, 1, Slo.NONE),
            Batches.request(0, 1, 2, 8, Slo.NONE),
            Batches.request(0, 1, 8, 8, Slo.NONE));
    AdaptiveDrafter drafter = drafter(3, 1);
    DraftBatch drafts = Batches.begin(batch);

    drafter.grow(batch, drafts);
    assertThat(Batches.asked(drafts)).containsExactly(1, 2, 3);
    Batches.forward(drafts, 1, 1, 1);
    drafter.grow(batch, drafts);
    assertThat(Batches.asked(drafts)).containsExactly(2, 3);
    Batches.forward(drafts, 1, 1);
    drafter.grow(batch, drafts);
    assertThat(Batches.asked(drafts)).containsExactly(3);
    Batches.forward(drafts, 0.5);
    drafter.grow(batch, drafts);

    assertThat(drafts.expansions()).isZero();
    assertThat(drafter.draftTokens()).isEqualTo(6);
    assertThat(drafter.expectedTokens()).isEqualTo(4 + 3 + 2 + 0.5);
  }

  @Test
  void noRoomAnywhere_asksForNothing() {
    BatchView batch = Batches.of(Batches.request(0, 1, 0, 0, Slo.NONE));

    assertThat(draft(drafter(8, 0), batch)).isZero();
  }

  /// Survival falls along the chain: 1 + .8 + .8·.5 for one, 1 + .6 + .6·.9 for the other.
  @Test
  void expectedTokens_sumTheSurvivalsOfTheBatch() {
    BatchView batch = Batches.of(Batches.request(40), Batches.request(70));
    AdaptiveDrafter drafter = drafter(2, 1);
    DraftBatch drafts = Batches.begin(batch);

    drafter.grow(batch, drafts);
    Batches.forward(drafts, 0.8, 0.6);
    drafter.grow(batch, drafts);
    Batches.forward(drafts, 0.5, 0.9);
    drafter.grow(batch, drafts);

    assertThat(drafter.expectedTokens()).isCloseTo(2.2 + 2.14, within(1e-6));
    assertThat(drafter.draftTokens()).isEqualTo(4);
  }

  @Test
  void theNextStepStartsAfresh() {
    AdaptiveDrafter drafter = drafter(2, 1);
    draft(drafter, Batches.ofSize(1), 1, 1);

    assertThat(draft(drafter, Batches.of(Batches.request(0, 1, 0, 0, Slo.NONE)))).isZero();
    assertThat(drafter.expectedTokens()).isEqualTo(1);
    assertThat(drafter.draftTokens()).isZero();
  }

  /// Catching up beyond the last step's final token is an investment in later steps.
  @Test
  void ofTheTokensThatTheDraftMissed_twoAreCharged() {
    LinearCost cost = LinearCost.of(1, 100, 1);
    BatchView batch =
        Batches.of(
            Batches.request(500, 1, 8, 8, Slo.NONE),
            Batches.request(500, 2, 8, 8, Slo.NONE),
            Batches.request(500, 300, 8, 8, Slo.NONE));
    AdaptiveDrafter drafter = drafter(8, cost);
    DraftBatch drafts = Batches.begin(batch);

    drafter.grow(batch, drafts);
    assertThat(cost.draftTokens).isEqualTo(1 + 2 + 2);
    assertThat(cost.draftContext).isEqualTo(3 * 500);

    Batches.forward(drafts, 1, 1, 1);
    drafter.grow(batch, drafts);
    assertThat(cost.draftTokens).isEqualTo(3);
    assertThat(cost.draftContext).isEqualTo(3 * 501);
  }

  /// A draft forward of 10 per token: with five tokens 50, G(1) = 4.8/156 > G(0) = 3/103; charged
  /// in full it would be far below.
  @Test
  void aLongLag_doesNotKeepTheDraftFromStarting() {
    LinearCost cost = LinearCost.of(0, 100, 1);
    cost.draftPerToken = 10;
    BatchView batch =
        Batches.of(
            Batches.request(0, 1, 8, 8, Slo.NONE),
            Batches.request(0, 2, 8, 8, Slo.NONE),
            Batches.request(0, 300, 8, 8, Slo.NONE));
    DraftBatch drafts = Batches.begin(batch);

    drafter(8, cost).grow(batch, drafts);

    assertThat(Batches.asked(drafts)).containsExactly(0, 1, 2);
  }

  /// Alone G(1) = 1.6/182 < G(0) = 1/101; beside 400 prompt tokens G(1) = 1.6/582 > G(0) = 1/501.
  @Test
  void aForwardThatPromptsMakeLong_makesDraftTokensRelativelyCheap() {
    LinearCost cost = LinearCost.of(80, 100, 1);

    assertThat(draft(drafter(1, cost), Batches.ofSize(1))).isZero();
    assertThat(draft(drafter(1, cost), Batches.withPrefill(400, 0, Batches.request(0)), 0.5))
        .isEqualTo(1);
  }
}
