package io.adaspec.harness.sweep;

import io.adaspec.harness.report.RepeatTable.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The chain length that serves most, by decode batch size: the table that users of vLLM configure
/// as `num_speculative_tokens_per_batch_size`, and the policy `batch-schedule` looks up.
///
/// @param rows by ascending batch size; the length of a size holds for those between the one before
///   and it, as longer chains pay less in larger batches
public record LengthSchedule(List<Row> rows) {
  /// @param length chosen
  /// @param tokensPerSecond served with it, mean over the seeds
  /// @param speedup over no speculation, paired by seed
  /// @param fastest length with the highest mean, at least `length`
  public record Row(int batch, int length, double tokensPerSecond, Interval speedup, int fastest) {}

  /// Neighbouring batch sizes, both ends included, that share a length.
  record Range(int from, int to, int length) {}

  /// Serves a closed loop.
  @FunctionalInterface
  public interface Trial {
    /// @param length of the chains, 0 for no speculation
    /// @param seed of everything random; lengths of one seed meet the same requests and luck
    /// @return output tokens per second, positive
    double tokensPerSecond(int batch, int length, long seed) throws IOException;
  }

  public LengthSchedule {
    rows = List.copyOf(rows);
  }

  /// Tries every length from 0 to `longest` at every batch size with every seed. Of the lengths
  /// that the fastest one does not beat, by Student's t at 95 % over the seeds, the shortest is
  /// chosen.
  ///
  /// @param batches ascending
  public static LengthSchedule search(
      List<Integer> batches, int longest, List<Long> seeds, Trial trial) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int batch : batches) {
      double[][] rates = new double[longest + 1][seeds.size()];
      for (int length = 0; length <= longest; length++) {
        for (int s = 0; s < seeds.size(); s++) {
          rates[length][s] = trial.tokensPerSecond(batch, length, seeds.get(s));
        }
      }
      rows.add(row(batch, rates));
    }
    return new LengthSchedule(rows);
  }

  private static Row row(int batch, double[][] rates) {
    int fastest = 0;
    for (int length = 1; length < rates.length; length++) {
      if (Interval.of(rates[length]).mean() > Interval.of(rates[fastest]).mean()) {
        fastest = length;
      }
    }
    int chosen = 0;
    while (chosen < fastest && beats(rates[fastest], rates[chosen])) {
      chosen++;
    }
    return new Row(
        batch,
        chosen,
        Interval.of(rates[chosen]).mean(),
        Interval.ofRatios(ratios(rates[chosen], rates[0])),
        fastest);
  }

  /// With one seed chance cannot be told, and the higher mean counts.
  private static boolean beats(double[] fast, double[] slow) {
    Interval ratio = Interval.ofRatios(ratios(fast, slow));
    return ratio.values() == 1 ? ratio.mean() > 1 : ratio.low() > 1;
  }

  private static double[] ratios(double[] rates, double[] base) {
    double[] ratios = new double[rates.length];
    for (int s = 0; s < ratios.length; s++) {
      ratios[s] = rates[s] / base[s];
    }
    return ratios;
  }

  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    int from = 1;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (i + 1 == rows.size() || rows.get(i + 1).length() != row.length()) {
        ranges.add(new Range(from, row.batch(), row.length()));
        from = row.batch() + 1;
      }
    }
    return ranges;
  }

  /// As `--policy` takes it.
  public String policy() {
    if (rows.stream().allMatch(row -> row.length() == 0)) {
      return "autoregressive";
    }
    return ranges().stream()
        .map(range -> range.from() + "-" + range.to() + "=" + range.length())
        .collect(Collectors.joining(",", "batch-schedule:", ""));
  }

  /// As vLLM takes it.
  public String json() {
    return ranges().stream()
        .map(range -> "[%d, %d, %d]".formatted(range.from(), range.to(), range.length()))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
