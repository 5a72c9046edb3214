package io.adaspec.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaspec.engine.exec.LatencyTable.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTableTest {
  private static final Offset<Double> EXACT = within(1e-9);

  /// 100 + C/10 at n = 1, 140 + C/5 at n = 5, 240 + C/5 at n = 9.
  private static final LatencyTable TABLE =
      new LatencyTable(
          List.of(
              new Point(5, 1000, 340),
              new Point(1, 0, 100),
              new Point(1, 1000, 200),
              new Point(5, 0, 140),
              new Point(9, 0, 240),
              new Point(9, 500, 340)));

  @ParameterizedTest
  @CsvSource({
    "1, 0, 100",
    "1, 1000, 200",
    "1, 500, 150",
    "5, 1000, 340",
    "9, 500, 340",
    "3, 0, 120",
    "2, 1000, 235",
    "7, 0, 190",
  })
  void betweenMeasuredPoints_isPiecewiseLinearInTokensAndLinearInContext(
      int newTokens, long context, double nanos) {
    assertThat(TABLE.nanos(newTokens, context)).isCloseTo(nanos, EXACT);
  }

  @ParameterizedTest
  @CsvSource({"1, 3000, 400", "9, 1000, 440", "13, 0, 340", "13, 500, 440", "109, 0, 2740"})
  void beyondTheGrid_goesOnLinearly(int newTokens, long context, double nanos) {
    assertThat(TABLE.nanos(newTokens, context)).isCloseTo(nanos, EXACT);
  }

  @Test
  void belowTheSmallestBatch_isTheSmallestBatch() {
    LatencyTable table = new LatencyTable(List.of(new Point(4, 0, 100), new Point(8, 0, 200)));

    assertThat(table.nanos(1, 0)).isCloseTo(100, EXACT);
  }

  @Test
  void context_isFittedByLeastSquares() {
    LatencyTable table =
        new LatencyTable(
            List.of(
                new Point(1, 0, 100),
                new Point(1, 1, 130),
                new Point(1, 2, 130),
                new Point(2, 0, 1000)));

    assertThat(table.nanos(1, 0)).isCloseTo(105, EXACT);
    assertThat(table.nanos(1, 2)).isCloseTo(135, EXACT);
  }

  @Test
  void oneContextOfALargerBatch_costsThereWhatItDoesBefore() {
    LatencyTable table =
        new LatencyTable(
            List.of(new Point(1, 0, 100), new Point(1, 1000, 200), new Point(4, 400, 300)));

    assertThat(table.nanos(4, 400)).isCloseTo(300, EXACT);
    assertThat(table.nanos(4, 1000)).isCloseTo(360, EXACT);
  }

  @Test
  void aMeasuredDip_isLevelled() {
    LatencyTable table =
        new LatencyTable(List.of(new Point(1, 0, 100), new Point(2, 0, 80), new Point(3, 0, 120)));

    assertThat(IntStream.rangeClosed(1, 4).mapToDouble(n -> table.nanos(n, 0)).toArray())
        .containsExactly(100, 100, 120, 140);
  }

  @Test
  void aDipAtTheEndOfTheGrid_staysLevelBeyondIt() {
    LatencyTable table = new LatencyTable(List.of(new Point(1, 0, 100), new Point(2, 0, 80)));

    assertThat(table.nanos(50, 0)).isEqualTo(100);
  }

  @Test
  void lessTimeForMoreContext_isTakenAsNoise() {
    LatencyTable table =
        new LatencyTable(
            List.of(new Point(1, 0, 110), new Point(1, 1000, 90), new Point(2, 0, 200)));

    assertThat(table.nanos(1, 0)).isCloseTo(100, EXACT);
    assertThat(table.nanos(1, 5000)).isCloseTo(100, EXACT);
  }

  @Test
  void aSteepFit_neverPredictsANegativeTime() {
    LatencyTable table =
        new LatencyTable(
            List.of(new Point(1, 1000, 1), new Point(1, 1100, 100), new Point(2, 0, 200)));

    assertThat(table.nanos(1, 0)).isNotNegative();
    assertThat(table.nanos(1, 1050)).isCloseTo(50.5, within(1e-6));
  }

  @Test
  void thePointsAreKept() {
    List<Point> points = List.of(new Point(1, 0, 100), new Point(2, 0, 80));

    assertThat(new LatencyTable(points).points()).isEqualTo(points);
  }

  /// One token of a request takes 100, of each further request 50, each further token of a request
  /// 10 with one request and 20 with five.
  private static final LatencyTable CHAINS =
      new LatencyTable(
          List.of(
              new Point(1, 1, 0, 100),
              new Point(1, 3, 0, 120),
              new Point(1, 9, 0, 180),
              new Point(2, 2, 0, 150),
              new Point(5, 5, 0, 300),
              new Point(5, 10, 0, 400),
              new Point(5, 20, 0, 600)));

  @ParameterizedTest
  @CsvSource({
    "1, 1, 100",
    "1, 2, 110",
    "1, 5, 140",
    "1, 20, 290",
    "5, 5, 300",
    "5, 7, 340",
    "3, 3, 200",
    "3, 5, 230",
  })
  void furtherTokensOfTheSameRequests_costWhatWasMeasuredOfThem(
      int requests, int newTokens, double nanos) {
    assertThat(CHAINS.nanos(requests, newTokens, 0)).isCloseTo(nanos, EXACT);
  }

  @Test
  void oneTokenOfEachRequest_costsWhatWasMeasuredOfSuchBatches() {
    assertThat(CHAINS.nanos(2, 0)).isCloseTo(150, EXACT);
    assertThat(CHAINS.nanos(2, 2, 0)).isCloseTo(150, EXACT);
  }

  @Test
  void withoutMeasuredChains_tokensCostTheSameWhosesoeverTheyAre() {
    assertThat(TABLE.nanos(1, 5, 500)).isEqualTo(TABLE.nanos(5, 500));
  }

  @Test
  void moreRequestsThanTokens_areRefused() {
    assertThatThrownBy(() -> new Point(3, 2, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad latency point: 2 tokens of 3 requests");
  }

  @Test
  void oneBatchSize_isNoTable() {
    assertThatThrownBy(() -> new LatencyTable(List.of(new Point(4, 0, 1), new Point(4, 9, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least two batch sizes")
        .hasMessageContaining("[4]");
    assertThatThrownBy(() -> new LatencyTable(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "-1, 0, 1", "1, -1, 1"})
  void aPointWithoutTokensOrWithNegativeContext_isRefused(int n, long context, double nanos) {
    assertThatThrownBy(() -> new Point(n, context, nanos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad latency point: n = " + n + ", C = " + context + ", " + nanos + " ns");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aPointWithoutAFinitePositiveTime_isRefused(double nanos) {
    assertThatThrownBy(() -> new Point(1, 0, nanos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(nanos + " ns");
  }

  @Provide
  Arbitrary<LatencyTable> tables() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 4, 8, 16, 32),
            Arbitraries.longs().between(0, 100_000),
            Arbitraries.doubles().between(1, 1e6))
        .as(Point::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(30)
        .filter(points -> points.stream().mapToInt(Point::newTokens).distinct().count() > 1)
        .map(LatencyTable::new);
  }

  @Property(tries = 300, seed = "3")
  void whateverWasMeasured_moreTokensOrContextNeverTakeLessTime(
      @ForAll("tables") LatencyTable table,
      @ForAll @IntRange(min = 1, max = 100) int newTokens,
      @ForAll @IntRange(min = 0, max = 100) int moreTokens,
      @ForAll @IntRange(min = 0, max = 200_000) int context,
      @ForAll @IntRange(min = 0, max = 200_000) int moreContext) {
    double nanos = table.nanos(newTokens, context);

    double slack = 1e-9 * nanos;
    assertThat(nanos).isNotNegative().isFinite();
    assertThat(table.nanos(newTokens + moreTokens, context)).isGreaterThanOrEqualTo(nanos - slack);
    // Beyond the grid the difference of its last two batch sizes decides, which context may narrow.
    if (newTokens <= table.points().stream().mapToInt(Point::newTokens).max().orElseThrow()) {
      assertThat(table.nanos(newTokens, context + moreContext))
          .isGreaterThanOrEqualTo(nanos - slack);
    }
  }

  /// Several numbers of requests, with up to 16 tokens each.
  @Provide
  Arbitrary<LatencyTable> chains() {
    return Combinators.combine(
            Arbitraries.of(1, 4, 16),
            Arbitraries.of(1, 2, 4, 16),
            Arbitraries.longs().between(0, 100_000),
            Arbitraries.doubles().between(1, 1e6))
        .as((r, each, context, nanos) -> new Point(r, r * each, context, nanos))
        .list()
        .ofMinSize(10)
        .ofMaxSize(60)
        .map(LatencyTableTest::withBatchSizes)
        .map(LatencyTable::new);
  }

  private static List<Point> withBatchSizes(List<Point> points) {
    List<Point> all = new ArrayList<>(points);
    all.add(new Point(1, 0, 1000));
    all.add(new Point(4, 0, 2000));
    return all;
  }

  @Property(tries = 300, seed = "5")
  void ofTheSameRequests_moreTokensNeverTakeLessTime(
      @ForAll("chains") LatencyTable table,
      @ForAll @IntRange(min = 1, max = 20) int requests,
      @ForAll @IntRange(min = 0, max = 100) int tokens,
      @ForAll @IntRange(min = 0, max = 100) int moreTokens,
      @ForAll @IntRange(min = 0, max = 200_000) int context) {
    double nanos = table.nanos(requests, requests + tokens, context);

    assertThat(nanos).isNotNegative().isFinite();
    assertThat(table.nanos(requests, requests + tokens + moreTokens, context))
        .isGreaterThanOrEqualTo(nanos - 1e-9 * (nanos + 1e6));
  }

  @Property(tries = 200, seed = "11")
  void aRunOfBatchSizes_equalsAskingOneByOne(
      @ForAll("chains") LatencyTable table,
      @ForAll @IntRange(min = 1, max = 20) int requests,
      @ForAll @IntRange(min = 1, max = 40) int first,
      @ForAll @IntRange(min = 0, max = 60) int count,
      @ForAll @IntRange(max = 5000) int context) {
    double[] nanos = new double[count + 3];
    table.nanos(requests, first - 2, context, nanos, 2, count + 2);

    for (int i = 2; i < count + 2; i++) {
      assertThat(nanos[i]).isEqualTo(table.nanos(requests, first + i - 2, context));
    }
    assertThat(nanos[count + 2]).isZero();
  }
}
