package io.adaspec.harness.sim.gpu;

import java.util.ArrayList;
import java.util.List;

/// Fits [Link] to measured all-reduces: least squares of the log error.
final class LinkFit {
  private LinkFit() {}

  static Link fit(double bytesPerSecond, List<Figures.Reduction> figures) {
    double[] fitted =
        LeastSquares.fit(
            parameters -> {
              Link link = link(bytesPerSecond, parameters);
              return figures.stream()
                  .mapToDouble(figure -> Math.log(millis(link, figure) / figure.millis()))
                  .toArray();
            },
            10,
            5,
            0.8,
            10);
    return link(bytesPerSecond, fitted);
  }

  static double millis(Link link, Figures.Reduction figure) {
    return new AllReduce(link, figure.workers()).nanos(figure.bytes()) / 1e6;
  }

  /// What an all-reduce takes once all ranks are there, at powers of two from `smallest` on: the
  /// least that was measured at that size or any larger one. What lies above is a rank waiting for
  /// another, which a timer around single calls sees and a captured graph does not.
  static List<Figures.Reduction> envelope(List<Figures.Reduction> measured, int workers) {
    List<Figures.Reduction> result = new ArrayList<>();
    List<Figures.Reduction> rows =
        measured.stream().filter(row -> row.workers() == workers).toList();
    long largest = rows.stream().mapToLong(Figures.Reduction::bytes).max().orElseThrow();
    for (long size = 2048; size <= largest; size *= 2) {
      long bytes = size;
      double least =
          rows.stream()
              .filter(row -> row.bytes() >= bytes)
              .mapToDouble(Figures.Reduction::millis)
              .min()
              .orElseThrow();
      result.add(new Figures.Reduction(rows.getFirst().gpu(), workers, bytes, least));
    }
    return result;
  }

  private static Link link(double bytesPerSecond, double... p) {
    return new Link(bytesPerSecond, p[0], p[1], p[2], p[3]);
  }
}
