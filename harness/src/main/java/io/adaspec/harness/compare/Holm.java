package io.adaspec.harness.compare;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Holm's step-down correction (1979). It keeps the chance that *any* unchanged metric is called
/// changed below the level whatever the dependence between the metrics, which here is strong: a
/// slower decode moves TPOT, ITL and E2E alike. Controlling the false discovery rate instead would
/// let a build fail by chance more often the more metrics really improve.
final class Holm {
  private Holm() {}

  /// Adjusted p-values in the order of `values`.
  static double[] adjust(double[] values) {
    List<Integer> ascending =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .toList();
    double[] adjusted = new double[values.length];
    double largest = 0;
    for (int rank = 0; rank < values.length; rank++) {
      int index = ascending.get(rank);
      largest = Math.max(largest, (values.length - rank) * values[index]);
      adjusted[index] = Math.min(1, largest);
    }
    return adjusted;
  }
}
