package io.adaspec.baselines;

import java.util.ArrayList;
import java.util.List;

/// The shape of a static token tree: how many children each node has, in breadth-first order from
/// the root, the most probable child first.
///
/// @param children per node, the root's first; the nodes of depth `d` stand together
record TreeTemplate(List<Integer> children) {
  TreeTemplate {
    children = List.copyOf(children);
    int sum = children.stream().mapToInt(Integer::intValue).sum();
    if (sum != children.size() - 1) {
      throw new IllegalArgumentException(children + " names " + sum + " children");
    }
  }

  /// Every node at depth `d` has `expansion[d]` children.
  static TreeTemplate ofExpansion(int... expansion) {
    List<Integer> children = new ArrayList<>();
    int level = 1;
    for (int width : expansion) {
      for (int node = 0; node < level; node++) {
        children.add(width);
      }
      level *= width;
    }
    for (int leaf = 0; leaf < level; leaf++) {
      children.add(0);
    }
    return new TreeTemplate(children);
  }

  /// Draft tokens, the root not counted.
  int nodes() {
    return children.size() - 1;
  }

  int children(int node) {
    return children.get(node);
  }

  /// The first node of every depth, the root's first, and at the end the number of all nodes.
  int[] depthStarts() {
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    for (int end = 1; start < children.size(); ) {
      starts.add(start);
      int next = end;
      for (int node = start; node < end; node++) {
        next += children.get(node);
      }
      start = end;
      end = next;
    }
    starts.add(children.size());
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }
}
