package io.adaspec.engine.spec.adaspec;

import java.util.Arrays;

/// The nodes of all proposals of a step and their survival: the estimated probability that the
/// target accepts a node and all before it. A node is known by one number, its *item*, that orders
/// by request, then by node. Reused; grows, never shrinks.
final class DraftNodes {
  private final int bits;
  private double[] survivals = new double[0];
  private int[] rated = new int[0];

  /// @param maxNodes most draft tokens of a request
  DraftNodes(int maxNodes) {
    bits = 32 - Integer.numberOfLeadingZeros(maxNodes);
  }

  void begin(int requests) {
    if (requests > rated.length) {
      rated = new int[2 * requests];
      survivals = new double[2 * requests << bits];
    }
    Arrays.fill(rated, 0, requests, 0);
    for (int i = 0; i < requests; i++) {
      survivals[item(i, 0)] = 1;
    }
  }

  /// Adds the next node of request `i`.
  ///
  /// @param acceptance estimated, given that the parent is accepted
  /// @return its survival
  double add(int i, int parent, double acceptance) {
    int node = ++rated[i];
    return survivals[item(i, node)] = survivals[item(i, parent)] * acceptance;
  }

  /// The last node of request `i` that was added, 0 for none.
  int rated(int i) {
    return rated[i];
  }

  int item(int i, int node) {
    return i << bits | node;
  }

  int request(int item) {
    return item >> bits;
  }

  int node(int item) {
    return item & (1 << bits) - 1;
  }

  double survival(int item) {
    return survivals[item];
  }
}
