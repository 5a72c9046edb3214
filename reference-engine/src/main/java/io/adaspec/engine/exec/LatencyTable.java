package io.adaspec.engine.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Forward latency over requests `R`, new tokens `n` of them and context read `C`, from measured
/// points.
///
/// Of one token of each request: linear in `C` for every measured `n` (least squares, slope not
/// negative; that of the next smaller `n` where one context was measured), monotone piecewise
/// linear between them, linear beyond. After AdaSpec's profile, which extrapolates by a regression
/// per bucket (2503.05096, §4.1).
///
/// Further tokens of the same requests cost what was measured of them: a chain reads its request's
/// cache once. Each number of requests that was measured with several tokens each says what these
/// add; between two of them that is interpolated. Without two, `n` tokens cost the same whosever
/// they are.
public final class LatencyTable {
  /// One measured forward.
  ///
  /// @param requests `R`, with equally many new tokens each
  /// @param newTokens `n`, at least `R`
  /// @param contextTokens `C`, cached tokens read, each request's once
  /// @param nanos median of the repetitions
  public record Point(int requests, int newTokens, long contextTokens, double nanos) {
    public Point {
      if (newTokens < 1 || contextTokens < 0 || !(nanos > 0) || Double.isInfinite(nanos)) {
        throw new IllegalArgumentException(
            "bad latency point: n = %d, C = %d, %s ns".formatted(newTokens, contextTokens, nanos));
      }
      if (requests < 1 || requests > newTokens) {
        throw new IllegalArgumentException(
            "bad latency point: %d tokens of %d requests".formatted(newTokens, requests));
      }
    }

    /// One token of each of `newTokens` requests.
    public Point(int newTokens, long contextTokens, double nanos) {
      this(newTokens, newTokens, contextTokens, nanos);
    }
  }

  private final List<Point> points;

  /// As few tokens of each request as the number of requests allows.
  private final Rows single;

  /// Numbers of requests that were measured with several tokens each, ascending, and their rows.
  private final int[] requests;

  private final Rows[] several;

  /// @throws IllegalArgumentException where fewer than two values of `n` were measured
  public LatencyTable(List<Point> points) {
    this.points = List.copyOf(points);
    int most = points.stream().mapToInt(Point::requests).max().orElse(1);
    Predicate<Point> isChain =
        point -> point.newTokens() > point.requests() * Math.ceilDiv(point.newTokens(), most);
    single = new Rows(points.stream().filter(isChain.negate()).toList());
    if (single.count() < 2) {
      throw new IllegalArgumentException(
          "a latency table needs at least two batch sizes, not " + single.batchSizes());
    }
    TreeMap<Integer, Rows> bySize = new TreeMap<>();
    for (Map.Entry<Integer, List<Point>> entry : byRequests(points).entrySet()) {
      Rows rows = new Rows(entry.getValue());
      if (rows.count() > 1) {
        bySize.put(entry.getKey(), rows);
      }
    }
    if (bySize.size() < 2 || points.stream().noneMatch(isChain)) {
      bySize.clear();
    }
    requests = bySize.keySet().stream().mapToInt(n -> n).toArray();
    several = bySize.values().toArray(Rows[]::new);
  }

  private static Map<Integer, List<Point>> byRequests(List<Point> points) {
    Map<Integer, List<Point>> groups = new TreeMap<>();
    for (Point point : points) {
      groups.computeIfAbsent(point.requests(), n -> new ArrayList<>()).add(point);
    }
    return groups;
  }

  public List<Point> points() {
    return points;
  }

  /// Nanoseconds of a forward over one token of each of `n >= 1` requests, which read `context >=
  /// 0` cached tokens; beyond the measured requests, over `n` tokens of as many as there were.
  public double nanos(int n, long context) {
    return single.nanos(n, context);
  }

  /// Nanoseconds of a forward over `n` new tokens of `ofRequests <= n` requests, which read
  /// `context >= 0` cached tokens.
  public double nanos(int ofRequests, int n, long context) {
    if (several.length == 0 || n <= ofRequests) {
      return single.nanos(n, context);
    }
    int more = n - ofRequests;
    int upper = upper(ofRequests);
    double weight = weight(ofRequests, upper);
    double nanos = start(ofRequests, context, upper, weight);
    nanos += (1 - weight) * several[upper - 1].nanos(requests[upper - 1] + more, context);
    return nanos + weight * several[upper].nanos(requests[upper] + more, context);
  }

  /// The same for a run of `n`: `nanos[i]` becomes that of `n = i + offset`, for `i` in `from .. to
  /// - 1`.
  void nanos(int ofRequests, int offset, long context, double[] nanos, int from, int to) {
    int first = several.length == 0 ? to : Math.clamp((long) ofRequests + 1 - offset, from, to);
    Arrays.fill(nanos, from, first, 0);
    single.add(1, offset, context, nanos, from, first);
    if (first < to) {
      int upper = upper(ofRequests);
      double weight = weight(ofRequests, upper);
      double start = start(ofRequests, context, upper, weight);
      Arrays.fill(nanos, first, to, start);
      int lower = upper - 1;
      several[lower].add(
          1 - weight, offset - ofRequests + requests[lower], context, nanos, first, to);
      several[upper].add(weight, offset - ofRequests + requests[upper], context, nanos, first, to);
    }
  }

  /// The measured number of requests to interpolate up to from the one before.
  private int upper(int ofRequests) {
    int upper = 1;
    while (upper < requests.length - 1 && requests[upper] < ofRequests) {
      upper++;
    }
    return upper;
  }

  /// What `requests[upper]` counts; outside the measured numbers the nearest counts alone.
  private double weight(int ofRequests, int upper) {
    double distance = requests[upper] - requests[upper - 1];
    return Math.clamp((ofRequests - requests[upper - 1]) / distance, 0, 1);
  }

  /// What has to be added to the weighed forwards with more tokens: one token of each request takes
  /// the time that was measured of it.
  private double start(int ofRequests, long context, int upper, double weight) {
    return single.nanos(ofRequests, context)
        - (1 - weight) * several[upper - 1].nanos(requests[upper - 1], context)
        - weight * several[upper].nanos(requests[upper], context);
  }

  /// Forwards of increasing `n`.
  private static final class Rows {
    private final int[] newTokens;
    private final double[] intercepts;
    private final double[] slopes;

    Rows(List<Point> points) {
      TreeMap<Integer, Line> lines = new TreeMap<>();
      for (Point point : points) {
        lines.computeIfAbsent(point.newTokens(), n -> new Line()).add(point);
      }
      newTokens = lines.keySet().stream().mapToInt(n -> n).toArray();
      slopes = new double[newTokens.length];
      intercepts = new double[newTokens.length];
      int row = 0;
      for (Line line : lines.values()) {
        slopes[row] = line.slope(row == 0 ? 0 : slopes[row - 1]);
        intercepts[row] = line.intercept(slopes[row]);
        row++;
      }
    }

    int count() {
      return newTokens.length;
    }

    String batchSizes() {
      return Arrays.toString(newTokens);
    }

    double nanos(int n, long context) {
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

    /// Adds `weight` times the time of `n = i + offset` to `nanos[i]`, for `i` in `from .. to - 1`.
    void add(double weight, int offset, long context, double[] nanos, int from, int to) {
      double time = intercepts[0] + slopes[0] * context;
      int i = from;
      for (; i < to && i + offset <= newTokens[0]; i++) {
        nanos[i] += weight * time;
      }
      for (int row = 1; row < newTokens.length && i < to; row++) {
        int before = newTokens[row - 1];
        double next = later(time, intercepts[row] + slopes[row] * context);
        double perToken = (next - time) / (newTokens[row] - before);
        int end = end(row, offset, to);
        for (; i < end; i++) {
          nanos[i] += weight * (time + perToken * (i + offset - before));
        }
        time = next;
      }
    }

    private int end(int row, int offset, int to) {
      return row == newTokens.length - 1 ? to : Math.min(to, newTokens[row] - offset + 1);
    }

    /// More tokens never take less time: measured dips are noise. Times are finite, so that a
    /// branch does, which is predicted, where `Math.max` would have every row wait for the one
    /// before.
    private static double later(double time, double next) {
      return next > time ? next : time;
    }
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
