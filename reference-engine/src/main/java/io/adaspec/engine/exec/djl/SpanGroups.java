package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.djl.ForwardBatch.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Divides the spans of a forward into groups that attend together. A group is padded to its
/// longest span and its largest context: few groups cost fewer operations, equal spans cost less
/// padding.
final class SpanGroups {
  /// Spans of more rows than this attend alone.
  private static final int LONG_SPAN = 32;

  /// What an extra group costs, in the unit of one key tile of one request (tens of microseconds
  /// each).
  private static final double GROUP = 3;

  /// What a query row costs per key tile, in the same unit.
  private static final double ROW = 0.04;

  /// Spans padded to `t` rows and `k` key tiles each.
  record Group(List<Span> spans, int t, int k) {
    int tokens() {
      return spans.stream().mapToInt(Span::rows).sum();
    }
  }

  private final int keyTile;
  private final int maxTiles;

  /// @param maxTiles most key tiles gathered at once, `b · k`: more does not stay in the
  ///   processor's cache
  SpanGroups(int keyTile, int maxTiles) {
    this.keyTile = keyTile;
    this.maxTiles = maxTiles;
  }

  List<Group> divide(List<Span> spans) {
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparingInt((Span s) -> -s.rows()).thenComparingInt(s -> -tiles(s)));
    List<Group> groups = new ArrayList<>();
    List<Span> members = new ArrayList<>();
    int t = 0;
    int k = 0;
    for (Span span : sorted) {
      int wider = Math.max(k, tiles(span));
      if (!members.isEmpty() && !joins(span, members.size(), t, k, wider)) {
        groups.add(new Group(List.copyOf(members), t, k));
        members.clear();
      }
      if (members.isEmpty()) {
        t = span.rows();
        wider = tiles(span);
      }
      members.add(span);
      k = wider;
    }
    if (!members.isEmpty()) {
      groups.add(new Group(List.copyOf(members), t, k));
    }
    return groups;
  }

  private boolean joins(Span span, int b, int t, int k, int wider) {
    if (t > LONG_SPAN || (b + 1) * wider > maxTiles) {
      return false;
    }
    double joined = cost(b + 1, t, wider) - cost(b, t, k);
    return joined <= GROUP + cost(1, span.rows(), tiles(span));
  }

  private static double cost(int b, int t, int k) {
    return b * k * (1 + ROW * t);
  }

  private int tiles(Span span) {
    return Math.ceilDiv(span.cells(), keyTile);
  }
}
