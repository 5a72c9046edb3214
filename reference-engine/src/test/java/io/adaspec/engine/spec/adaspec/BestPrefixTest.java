package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.spec.CostModel;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// One request: a step takes 100 ns and 10 more for every draft token that is verified.
class BestPrefixTest {
  private final LinearCost cost = LinearCost.of(20, 90, 10);
  private final StepTimes times = new StepTimes(cost);
  private final ValueOrder order = new ValueOrder();
  private final BestPrefix prefix = new BestPrefix();

  private void given(double... values) {
    times.begin(Batches.ofSize(1));
    rank(values);
  }

  private void rank(double... values) {
    double least = DoubleStream.of(values).min().orElse(Double.POSITIVE_INFINITY);
    order.begin(values, 0, values.length, DoubleStream.of(values).sum(), least);
  }

  /// Goodputs in tokens per 100 ns: 1, 1.55, 1.75, 1.65.
  @Test
  void whatIsWorthItsVerification_isVerified() {
    given(0.7, 0.4, 0.05);

    prefix.verify(order, 1, times, Double.POSITIVE_INFINITY);

    assertThat(prefix.count()).isEqualTo(2);
    assertThat(prefix.tokens()).isCloseTo(2.1, within(1e-12));
    assertThat(prefix.goodput()).isCloseTo(2.1 / 120, within(1e-12));
  }

  @Test
  void aPrefixBeyondTheLimit_isNotTaken() {
    given(0.7, 0.4);

    prefix.verify(order, 1, times, 110);

    assertThat(prefix.count()).isEqualTo(1);
  }

  @Test
  void theEmptyPrefix_isTakenWhereEvenThePlainStepIsBeyondTheLimit() {
    given(0.9);

    prefix.verify(order, 1, times, 50);

    assertThat(prefix.count()).isZero();
    assertThat(prefix.tokens()).isEqualTo(1);
  }

  /// The forward of 20 ns and 10 of verification ask for more than 0.3 tokens.
  @Test
  void aForward_hasToPayForItself() {
    given(0.29);
    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);
    assertThat(prefix.count()).isZero();

    given(0.31);
    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);
    assertThat(prefix.count()).isEqualTo(1);
  }

  /// Neither leaf pays for the forward, both together do.
  @Test
  void leavesThatPayOnlyTogether_areExpandedTogether() {
    given(0.25, 0.25);

    prefix.expand(order, 1, 0, times, 20, 0, Double.POSITIVE_INFINITY);

    assertThat(prefix.count()).isEqualTo(2);
  }

  /// Verification that gets dearer in steps and by slopes, as measured batches do.
  private static CostModel kinked(SplittableRandom random) {
    LinearCost cost = LinearCost.of(20, 100, random.nextDouble() * 20);
    int step = 1 + random.nextInt(40);
    double height = random.nextInt(3) * random.nextDouble() * 200;
    double kink = random.nextDouble() * 20;
    int kinkAt = random.nextInt(200);
    return new CostModel() {
      @Override
      public double draftNanos(int requests, int newTokens, long contextTokens) {
        return cost.draftNanos(requests, newTokens, contextTokens);
      }

      @Override
      public double verifyNanos(int requests, int newTokens, long contextTokens) {
        int steps = newTokens / step;
        return cost.verifyNanos(requests, newTokens, contextTokens)
            + steps * height
            + Math.max(0, newTokens - kinkAt) * kink;
      }

      @Override
      public double draftOverheadNanos() {
        return 5;
      }

      @Override
      public double verifyOverheadNanos() {
        return 7;
      }

      @Override
      public void observeDraft(double predictedNanos, long measuredNanos) {}

      @Override
      public void observeVerify(double predictedNanos, long measuredNanos) {}
    };
  }

  /// Whatever is taken at once, the choice is that of trying every prefix of the whole order.
  @Property(tries = 2000)
  void theChoice_isThatOfTryingEveryPrefix(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StepTimes kinkedTimes = new StepTimes(kinked(random));
    kinkedTimes.begin(Batches.ofSize(1 + random.nextInt(64)));
    double tokens = 1 + random.nextInt(64);
    int others = random.nextInt(50);
    double forward = random.nextInt(2) * 50;
    double perLeaf = forward == 0 ? 0 : random.nextDouble() * 10;
    double limit = random.nextInt(4) == 0 ? 500 : Double.POSITIVE_INFINITY;
    double least = random.nextDouble();
    double[] values = new double[random.nextInt(400)];
    for (int item = 0; item < values.length; item++) {
      // Multiples of the order's resolution, so that it is that of a sort.
      values[item] = Math.floor((least + (1 - least) * random.nextDouble()) * 256) / 256;
    }
    rank(values.clone());

    prefix.expand(order, tokens, others, kinkedTimes, forward, perLeaf, limit);

    Arrays.sort(values);
    int best = 0;
    double bestGoodput = tokens / kinkedTimes.charge(others, 0);
    double expected = tokens;
    for (int items = 1; items <= values.length; items++) {
      expected += values[values.length - items];
      double nanos = forward + (items - 1) * perLeaf;
      double goodput = expected / kinkedTimes.charge(others + items, nanos);
      if (goodput > bestGoodput * (1 + 1e-12)
          && kinkedTimes.nanos(others + items, nanos) <= limit) {
        best = items;
        bestGoodput = goodput;
      }
    }
    assertThat(prefix.goodput()).isCloseTo(bestGoodput, within(1e-9 * bestGoodput));
    assertThat(prefix.count()).isEqualTo(best);
    double taken = 0;
    for (int rank = 0; rank < values.length; rank++) {
      if (rank < prefix.count()) {
        taken += order.value(rank);
      } else {
        assertThat(order.value(rank)).isEqualTo(values[values.length - 1 - rank]);
      }
    }
    assertThat(tokens + taken).isCloseTo(prefix.tokens(), within(1e-9));
  }
}
