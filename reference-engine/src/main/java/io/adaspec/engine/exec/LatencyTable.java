package io.adaspec.engine.exec;

import java.util.List;
import java.util.TreeMap;

/// Forward latency over new tokens `n` and context read `C`, from measured points: linear in `C`
/// for every measured `n` (least squares, slope not negative; that of the next smaller `n` where
/// one context was measured), monotone piecewise linear between them, linear beyond. After
/// AdaSpec's profile, which extrapolates by a regression per bucket (2503.05096, §4.1).
public final class LatencyTable {
  /// One measured forward.
  ///
  /// @param newTokens `n`
  /// @param contextTokens `C`, cached tokens read, each request's once
  /// @param nanos median of the repetitions
  public record Point(int newTokens, long contextTokens, double nanos) {
    public Point {
      if (newTokens < 1 || contextTokens < 0 || !(nanos > 0) || Double.isInfinite(nanos)) {
        throw new IllegalArgumentException(
            "bad latency point: n = %d, C = %d, %s ns".formatted(newTokens, contextTokens, nanos));
      }
    }
  }

  private final List<Point> points;
  private final int[] newTokens;
  private final double[] intercepts;
  private final double[] slopes;

  /// @throws IllegalArgumentException where fewer than two values of `n` were measured
  public LatencyTable(List<Point> points) {
    this.points = List.copyOf(points);
    TreeMap<Integer, Line> rows = new TreeMap<>();
    for (Point point : points) {
      rows.computeIfAbsent(point.newTokens(), n -> new Line()).add(point);
    }
    if (rows.size() < 2) {
      throw new IllegalArgumentException(
          "a latency table needs at least two batch sizes, not " + rows.keySet());
    }
    newTokens = rows.keySet().stream().mapToInt(n -> n).toArray();
    slopes = new double[newTokens.length];
    intercepts = new double[newTokens.length];
    int row = 0;
    for (Line line : rows.values()) {
      slopes[row] = line.slope(row == 0 ? 0 : slopes[row - 1]);
      intercepts[row] = line.intercept(slopes[row]);
      row++;
    }
  }

  public List<Point> points() {
    return points;
  }

  /// Nanoseconds of a forward over `n >= 1` new tokens that read `context >= 0` cached tokens.
  public double nanos(int n, long context) {
    double time = intercepts[0] + slopes[0] * context;
    for (int row = 1; row < newTokens.length && n > newTokens[row - 1]; row++) {
      double next = later(time, intercepts[row] + slopes[row] * context);
      if (n <= newTokens[row] || row == newTokens.length - 1) {
        double perToken = (next - time) / (newTokens[row] - newTokens[row - 1]);
        return time + perToken * (n - newTokens[row - 1]);
      }
      time = next;
    }
    return time;
  }

  /// The same for a run of `n`: `nanos[i]` becomes that of `n = i + offset`, for `i` in `from .. to
  /// - 1`.
  void nanos(int offset, long context, double[] nanos, int from, int to) {
    double time = intercepts[0] + slopes[0] * context;
    int i = from;
    for (; i < to && i + offset <= newTokens[0]; i++) {
      nanos[i] = time;
    }
    for (int row = 1; row < newTokens.length && i < to; row++) {
      int before = newTokens[row - 1];
      double next = later(time, intercepts[row] + slopes[row] * context);
      double perToken = (next - time) / (newTokens[row] - before);
      int end = row == newTokens.length - 1 ? to : Math.min(to, newTokens[row] - offset + 1);
      for (; i < end; i++) {
        nanos[i] = time + perToken * (i + offset - before);
      }
      time = next;
    }
  }

  /// More tokens never take less time: measured dips are noise. Times are finite, so that a branch
  /// does, which is predicted, where `Math.max` would have every row wait for the one before.
  private static double later(double time, double next) {
    return next > time ? next : time;
  }

  /// Least squares over the points of one `n`.
  private static final class Line {
    private int count;
    private double sumX;
    private double sumY;
    private double sumXx;
    private double sumXy;

    void add(Point point) {
      double x = point.contextTokens();
      count++;
      sumX += x;
      sumY += point.nanos();
      sumXx += x * x;
      sumXy += x * point.nanos();
    }

    /// @param otherwise where the points have one `C`
    double slope(double otherwise) {
      double spread = count * sumXx - sumX * sumX;
      double slope = spread > 0 ? Math.max(0, (count * sumXy - sumX * sumY) / spread) : otherwise;
      // A steeper line would predict a negative time without context.
      return sumX > 0 ? Math.min(slope, sumY / sumX) : slope;
    }

    double intercept(double slope) {
      return (sumY - slope * sumX) / count;
    }
  }
}
