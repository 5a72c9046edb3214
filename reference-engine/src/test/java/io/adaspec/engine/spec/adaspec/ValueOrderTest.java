package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueOrderTest {
  private final ValueOrder order = new ValueOrder();

  @BeforeEach
  void reserve() {
    order.reserve(1000);
  }

  private List<Integer> sorted() {
    order.sort();
    return items();
  }

  private List<Integer> items() {
    return IntStream.range(0, order.size()).mapToObj(order::item).toList();
  }

  @Test
  void theMostValuableComesFirst_andEqualOnesInTheOrderTheyWereAdded() {
    order.add(7, 0.5);
    order.add(3, 0.9);
    order.add(9, 0.5);
    order.add(1, 0.0);
    order.add(4, 100);
    order.add(5, 200);

    assertThat(sorted()).containsExactly(4, 5, 3, 7, 9, 1);
    assertThat(order.value(2)).isEqualTo(0.9);
  }

  /// Values that are multiples of the resolution are ordered as a comparison sort does.
  @Test
  void manyValues_areOrderedAsByAStableSort() {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[1000];
    for (int item = 0; item < values.length; item++) {
      values[item] = random.nextInt(2048) / 1024.0;
      order.add(item, values[item]);
    }

    assertThat(sorted())
        .isEqualTo(
            IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(item -> -values[item]))
                .toList());
  }

  @Test
  void belowAValue_onlyTheRestIsSorted() {
    order.add(7, 0.5);
    order.add(3, 0.875);
    order.add(9, 0.25);
    order.add(1, 0.75);
    order.add(4, 0.375);
    assertThat(order.sum()).isEqualTo(2.75);

    assertThat(order.sortBelow(0.75)).isEqualTo(2);
    assertThat(items()).containsExactly(3, 1, 7, 4, 9);
    assertThat(order.sortBelow(0.5)).isEqualTo(3);
    assertThat(items()).containsExactly(7, 3, 1, 4, 9);
    assertThat(order.sumFrom(3)).isEqualTo(0.625);

    order.sort();
    assertThat(order.sortBelow(0.5)).as("sorted already").isEqualTo(3);
    assertThat(items()).containsExactly(3, 1, 7, 4, 9);
  }

  /// Few and many of them are sorted by different methods.
  @ParameterizedTest
  @ValueSource(ints = {1, 23, 24, 25, 26, 300})
  void theRest_isSortedAsAWhole(int size) {
    SplittableRandom random = new SplittableRandom(size);
    for (int item = 0; item < size; item++) {
      order.add(item, 1 + random.nextInt(64) / 64.0);
      order.add(size + item, random.nextInt(64) / 64.0);
    }

    assertThat(order.sortBelow(1)).isEqualTo(size);

    List<Integer> partly = items();
    order.sort();
    assertThat(partly.subList(size, 2 * size)).isEqualTo(items().subList(size, 2 * size));
    assertThat(partly.subList(0, size)).isEqualTo(IntStream.range(0, size).boxed().toList());
  }

  @Test
  void afterClear_nothingIsLeft() {
    order.add(1, 1);
    order.sort();
    order.clear();
    order.add(2, 0.1);

    assertThat(sorted()).containsExactly(2);
  }
}
