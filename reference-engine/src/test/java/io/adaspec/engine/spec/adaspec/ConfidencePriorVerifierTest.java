package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidencePriorVerifierTest {
  /// Every verified token costs 100, whatever is expected of it: dropping always pays.
  private static final LinearCost STEEP = LinearCost.of(0, 0, 100);

  /// Verification costs the same for one token as for a thousand: dropping never pays.
  private static final LinearCost FLAT = LinearCost.of(0, 100, 0);

  private static void prune(LinearCost cost, BatchView batch, DraftBatch drafts) {
    EfficiencyEstimator estimator = new EfficiencyEstimator(cost);
    estimator.begin(batch);
    double expected = batch.size();
    for (int i = 0; i < drafts.size(); i++) {
      Proposal chain = drafts.proposal(i);
      for (int node = 1; node <= chain.size(); node++) {
        expected += chain.survival(node);
      }
    }
    double nanos = estimator.stepNanos(drafts.drafted(), 0);
    new ConfidencePriorVerifier(estimator).prune(batch, drafts, expected, nanos);
  }

  private static List<Integer> kept(DraftBatch drafts) {
    return IntStream.range(0, drafts.size()).mapToObj(i -> drafts.proposal(i).kept()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 2",
    "4, 4",
    "7, 4",
    "8, 8",
    "15, 8",
    "31, 16",
    "32, 32",
    "33, 32",
    "63, 32",
    "64, 64",
    "95, 64",
    "96, 96",
    "130, 128",
    "1000, 992"
  })
  void paddedBatches_arePowersOfTwoUpTo32_thenItsMultiples(int tokens, int padded) {
    assertThat(ConfidencePriorVerifier.paddedBatch(tokens)).isEqualTo(padded);
  }

  /// Two requests with five draft tokens are seven tokens; four are the next padded size below.
  /// Survivals: .9, .72, .072 and .8, .16.
  @Test
  void theLeastLikelyToSurviveAreDropped_downToThePaddedSize() {
    BatchView batch = Batches.ofSize(2);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.9, 0.8, 0.1);
    Batches.chain(drafts, 1, 0.8, 0.2);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(1, 1);
    assertThat(drafts.kept() + batch.size()).isEqualTo(4);
  }

  /// The first token of the second request is less likely than the third of the first.
  @Test
  void requestsKeepLengthsOfTheirOwn() {
    BatchView batch = Batches.ofSize(2);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.9, 0.9, 0.9);
    Batches.chain(drafts, 1, 0.3, 0.9);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(2, 0);
  }

  @Test
  void aPaddedCount_isLeftAlone() {
    BatchView batch = Batches.ofSize(2);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.01, 0.01);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(2, 0);
  }

  @Test
  void theBatchItselfIsNeverDropped() {
    BatchView batch = Batches.ofSize(5);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.01, 0.01);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(2, 0, 0, 0, 0);
  }

  @Test
  void allDraftTokensMayGo_whereTheBatchIsAPaddedSizeItself() {
    BatchView batch = Batches.ofSize(4);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 2, 0.01, 0.01);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void whereGoodputWouldFall_nothingIsDropped() {
    BatchView batch = Batches.ofSize(2);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.9, 0.8, 0.1);

    prune(FLAT, batch, drafts);

    assertThat(kept(drafts)).containsExactly(3, 0);
  }

  /// Three tokens of survival .5 and .25 at 100 + n·50: E/T = 1.75/250; with one token less
  /// 1.5/200. At 100 + n·20: 1.75/160 against 1.5/140.
  @ParameterizedTest
  @CsvSource({"50, 1", "20, 2"})
  void goodputBeforeAndAfterDecides(double perToken, int keptTokens) {
    BatchView batch = Batches.ofSize(1);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.5, 0.5);

    prune(LinearCost.of(0, 100, perToken), batch, drafts);

    assertThat(kept(drafts)).containsExactly(keptTokens);
  }

  /// A token that never survives, where the count of tokens costs nothing.
  @Test
  void equalGoodput_drops() {
    BatchView batch = Batches.ofSize(1);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0.5, 0);

    prune(FLAT, batch, drafts);

    assertThat(kept(drafts)).containsExactly(1);
  }

  /// All survive for certain; of seven tokens three go: the deepest of each chain first.
  @Test
  void ties_dropTheDeeperFirst() {
    BatchView batch = Batches.ofSize(2);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 1, 1, 1);
    Batches.chain(drafts, 1, 1, 1);

    prune(STEEP, batch, drafts);

    assertThat(kept(drafts)).containsExactly(1, 1);
  }

  @Test
  void hopelessTokens_dropTheDeeperFirstToo() {
    BatchView batch = Batches.ofSize(1);
    DraftBatch drafts = Batches.begin(batch);
    Batches.chain(drafts, 0, 0, 0, 0, 0, 0);

    prune(STEEP, batch, drafts);

    assertThat(drafts.proposal(0).keptNodes()).containsExactly(1, 2, 3);
  }

  @Provide
  Arbitrary<List<List<Double>>> chains() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.doubles().between(0, 1)), Tuple.of(1, Arbitraries.of(0.0, 1.0)))
        .list()
        .ofMaxSize(8)
        .list()
        .ofMinSize(1)
        .ofMaxSize(70);
  }

  @Property(tries = 300, seed = "4")
  void prefixesRemain_theLikeliestOfAll_andAPaddedCountOrAll(
      @ForAll("chains") List<List<Double>> confidences,
      @ForAll @Size(3) List<@DoubleRange(min = 0, max = 100) Double> costs) {
    BatchView batch = Batches.ofSize(confidences.size());
    DraftBatch drafts = Batches.begin(batch);
    for (int i = 0; i < confidences.size(); i++) {
      Batches.chain(drafts, i, confidences.get(i).stream().mapToDouble(q -> q).toArray());
    }
    int all = drafts.drafted();

    prune(LinearCost.of(costs.get(0), costs.get(1) + 1, costs.get(2)), batch, drafts);

    int tokens = batch.size() + drafts.kept();
    assertThat(tokens)
        .isIn(batch.size() + all, ConfidencePriorVerifier.paddedBatch(batch.size() + all));
    float leastKept = Float.MAX_VALUE;
    float mostDropped = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Proposal chain = drafts.proposal(i);
      int length = chain.kept();
      assertThat(chain.keptNodes()).isEqualTo(IntStream.rangeClosed(1, length).toArray());
      if (length > 0) {
        leastKept = Math.min(leastKept, chain.survival(length));
      }
      if (length < chain.size()) {
        mostDropped = Math.max(mostDropped, chain.survival(length + 1));
      }
    }
    assertThat(mostDropped).isLessThanOrEqualTo(leastKept);
  }
}
