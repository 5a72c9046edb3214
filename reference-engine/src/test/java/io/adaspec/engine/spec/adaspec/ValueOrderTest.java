package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueOrderTest {
  private final ValueOrder order = new ValueOrder();

  private void given(double... values) {
    double sum = DoubleStream.of(values).sum();
    order.begin(values, 0, values.length, sum, DoubleStream.of(values).min().orElseThrow());
  }

  private List<Integer> sorted() {
    order.sort();
    return items();
  }

  private List<Integer> items() {
    return IntStream.range(0, order.size()).mapToObj(order::item).toList();
  }

  @Test
  void theMostValuableComesFirst_andEqualOnesInTheirOrder() {
    given(0.5, 0.875, 0.5, 0, 100, 200);

    assertThat(sorted()).containsExactly(4, 5, 1, 0, 2, 3);
    assertThat(order.value(2)).isEqualTo(0.875);
  }

  @Test
  void values_mayLieAnywhereInTheirArray() {
    order.begin(new double[] {9, 0.25, 0.5, 0.75, 9}, 1, 4, 1.5, 0.25);

    assertThat(items()).containsExactly(1, 2, 3);
    assertThat(sorted()).containsExactly(3, 2, 1);
  }

  /// Values that are multiples of the resolution are ordered as a comparison sort does.
  @Test
  void manyValues_areOrderedAsByAStableSort() {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = random.ints(1000, 0, 512).mapToDouble(v -> v / 256.0).toArray();
    given(values);

    assertThat(sorted())
        .isEqualTo(
            IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(item -> -values[item]))
                .toList());
  }

  @Test
  void belowAValue_onlyTheRestIsSorted() {
    given(0.5, 0.875, 0.25, 0.75, 0.375);
    assertThat(order.sum()).isEqualTo(2.75);

    assertThat(order.sortBelow(0.25)).as("all are worth that").isEqualTo(5);
    assertThat(items()).containsExactly(0, 1, 2, 3, 4);
    assertThat(order.sortBelow(0.75)).isEqualTo(2);
    assertThat(items()).containsExactly(1, 3, 0, 4, 2);
    assertThat(order.sortBelow(0.5)).isEqualTo(3);
    assertThat(items()).containsExactly(0, 1, 3, 4, 2);
    assertThat(order.sumFrom(3)).isEqualTo(0.625);

    order.sort();
    assertThat(order.sortBelow(0.5)).as("sorted already").isEqualTo(3);
    assertThat(items()).containsExactly(1, 3, 0, 4, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 25, 300})
  void theRest_isSortedAsAWhole(int size) {
    SplittableRandom random = new SplittableRandom(size);
    double[] values = new double[2 * size];
    for (int item = 0; item < values.length; item++) {
      values[item] = (item % 2 == 0 ? 1 : 0) + random.nextInt(64) / 64.0;
    }
    given(values);

    assertThat(order.sortBelow(1)).isEqualTo(size);

    List<Integer> partly = items();
    order.sort();
    assertThat(partly.subList(size, 2 * size)).isEqualTo(items().subList(size, 2 * size));
    assertThat(partly.subList(0, size))
        .isEqualTo(IntStream.range(0, size).mapToObj(item -> 2 * item).toList());
  }

  @Test
  void aNewOrder_knowsNothingOfTheLast() {
    given(1, 0.5, 0.75);
    order.sort();

    given(0.25, 0.5);

    assertThat(items()).containsExactly(0, 1);
    assertThat(sorted()).containsExactly(1, 0);
  }
}
