package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.Proposal;
import java.util.Arrays;

/// All draft tokens of a step in descending order of value, a parent before its children. Reused
/// from step to step; grows, never shrinks.
final class NodeRanking {
  private int size;
  private int[] requests = new int[64];
  private int[] nodes = new int[64];
  private int[] depths = new int[64];
  private double[] values = new double[64];
  private long[] order = new long[64];

  private int[] rated = new int[16];
  private double[][] survivals = new double[16][];

  private int leaves;
  private int[] leafRequests = new int[64];
  private int[] leafNodes = new int[64];
  private double[] leafValues = new double[64];
  private long[] leafOrder = new long[64];

  void begin(int batchSize) {
    size = 0;
    if (batchSize > rated.length) {
      rated = new int[2 * batchSize];
      survivals = Arrays.copyOf(survivals, 2 * batchSize);
    }
    Arrays.fill(rated, 0, batchSize, 0);
    for (int i = 0; i < batchSize; i++) {
      if (survivals[i] == null) {
        survivals[i] = new double[16];
      }
      survivals[i][0] = 1;
    }
  }

  /// The last node of request `i` that was added.
  int rated(int i) {
    return rated[i];
  }

  /// Adds a node whose parent was added before.
  ///
  /// @param acceptance estimated, given that the parent is accepted
  /// @param weight of the request
  void add(int i, int node, int depth, int parent, double acceptance, double weight) {
    if (node >= survivals[i].length) {
      survivals[i] = Arrays.copyOf(survivals[i], 2 * node);
    }
    if (size == nodes.length) {
      requests = Arrays.copyOf(requests, 2 * size);
      nodes = Arrays.copyOf(nodes, 2 * size);
      depths = Arrays.copyOf(depths, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
    }
    survivals[i][node] = survivals[i][parent] * acceptance;
    requests[size] = i;
    nodes[size] = node;
    depths[size] = depth;
    values[size] = weight * survivals[i][node];
    order[size] = descending(values[size], depth, size);
    rated[i] = node;
    size++;
  }

  /// Descending value, then ascending depth; the bits of non-negative floats order like the floats.
  private static long descending(double value, int depth, int index) {
    return (long) (Integer.MAX_VALUE - Float.floatToRawIntBits((float) value)) << 32
        | (long) depth << 24
        | index;
  }

  void sort() {
    Arrays.sort(order, 0, size);
  }

  int size() {
    return size;
  }

  int request(int rank) {
    return requests[index(rank)];
  }

  int node(int rank) {
    return nodes[index(rank)];
  }

  int depth(int rank) {
    return depths[index(rank)];
  }

  /// Expected tokens that the node adds, weighted.
  double value(int rank) {
    return values[index(rank)];
  }

  private int index(int rank) {
    return (int) order[rank] & 0xFFFFFF;
  }

  /// Collects the nodes at `depth` that may be expanded, in descending order of value.
  void collectLeaves(BatchView batch, DraftBatch drafts, int depth, double[] weights) {
    leaves = 0;
    for (int i = 0; i < batch.size(); i++) {
      Proposal tree = drafts.proposal(i);
      for (int node = tree.size(); node >= 0 && tree.depth(node) == depth; node--) {
        if (tree.hasRoom(node, 1)) {
          addLeaf(i, node, weights[i] * survivals[i][node]);
        }
      }
    }
    Arrays.sort(leafOrder, 0, leaves);
  }

  private void addLeaf(int i, int node, double value) {
    if (leaves == leafNodes.length) {
      leafRequests = Arrays.copyOf(leafRequests, 2 * leaves);
      leafNodes = Arrays.copyOf(leafNodes, 2 * leaves);
      leafValues = Arrays.copyOf(leafValues, 2 * leaves);
      leafOrder = Arrays.copyOf(leafOrder, 2 * leaves);
    }
    leafRequests[leaves] = i;
    leafNodes[leaves] = node;
    leafValues[leaves] = value;
    leafOrder[leaves] = descending(value, 0, leaves);
    leaves++;
  }

  int leaves() {
    return leaves;
  }

  int leafRequest(int rank) {
    return leafRequests[(int) leafOrder[rank] & 0xFFFFFF];
  }

  int leafNode(int rank) {
    return leafNodes[(int) leafOrder[rank] & 0xFFFFFF];
  }

  double leafValue(int rank) {
    return leafValues[(int) leafOrder[rank] & 0xFFFFFF];
  }
}
