package io.adaspec.engine.spec.adaspec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValueOrderTest {
  private final ValueOrder order = new ValueOrder();

  private List<Integer> sorted() {
    order.sort();
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
  void afterClear_nothingIsLeft() {
    order.add(1, 1);
    order.sort();
    order.clear();
    order.add(2, 0.1);

    assertThat(sorted()).containsExactly(2);
  }
}
