package io.adaspec.engine.spec;

import java.util.Arrays;

/// The draft tokens of one request in one step: a token tree rooted at the last emitted token.
///
/// Node 0 is the root; draft tokens are the nodes `1..size()`, numbered in the order they were
/// added, a parent always before its children. A chain is a tree without branches. Reused from step
/// to step.
public final class Proposal {
  private static final int[] NOTHING = {};

  private int[] tokens = new int[9];
  private int[] parents = new int[9];
  private int[] depths = new int[9];
  private int[] forwards = new int[9];
  private float[] draftProbs = new float[9];
  private float[] survivals = new float[9];
  private boolean[] expanded = new boolean[9];
  private boolean[] dropped = new boolean[9];
  private float[][] distributions = new float[9][];
  private int size;
  private int kept;
  private int pending;
  private int forward;
  private int maxNodes;
  private int maxDepth;

  void reset(int rootToken, int maxNodes, int maxDepth) {
    Arrays.fill(distributions, 0, size + 1, null);
    this.maxNodes = maxNodes;
    this.maxDepth = maxDepth;
    size = 0;
    kept = 0;
    pending = 0;
    forward = 0;
    set(0, rootToken, -1, 0, 1f, 1f);
  }

  private void set(int node, int token, int parent, int depth, float draftProb, float survival) {
    tokens[node] = token;
    parents[node] = parent;
    depths[node] = depth;
    forwards[node] = forward;
    draftProbs[node] = draftProb;
    survivals[node] = survival;
    expanded[node] = false;
    dropped[node] = false;
  }

  /// Adds a draft token below `parent` and returns its node.
  ///
  /// @param draftProb the draft's probability of the token, its *confidence* `q`, in [0, 1]
  public int add(int parent, int token, float draftProb) {
    if (parent < 0 || parent > size || dropped[parent]) {
      throw new IllegalArgumentException("no kept node " + parent + " in a tree of " + size);
    }
    if (size == maxNodes || depths[parent] == maxDepth) {
      throw new IllegalStateException(
          "no room below node " + parent + ": " + maxNodes + " nodes, depth " + maxDepth);
    }
    int node = ++size;
    if (node == tokens.length) {
      grow();
    }
    set(node, token, parent, depths[parent] + 1, draftProb, survivals[parent] * draftProb);
    kept++;
    return node;
  }

  private void grow() {
    int capacity = 2 * tokens.length;
    tokens = Arrays.copyOf(tokens, capacity);
    parents = Arrays.copyOf(parents, capacity);
    depths = Arrays.copyOf(depths, capacity);
    forwards = Arrays.copyOf(forwards, capacity);
    draftProbs = Arrays.copyOf(draftProbs, capacity);
    survivals = Arrays.copyOf(survivals, capacity);
    expanded = Arrays.copyOf(expanded, capacity);
    dropped = Arrays.copyOf(dropped, capacity);
    distributions = Arrays.copyOf(distributions, capacity);
  }

  /// Drafted tokens, pruned ones included.
  public int size() {
    return size;
  }

  /// Drafted tokens that are still to be verified.
  public int kept() {
    return kept;
  }

  public int token(int node) {
    return tokens[node];
  }

  /// The parent's node, -1 for the root.
  public int parent(int node) {
    return parents[node];
  }

  public int depth(int node) {
    return depths[node];
  }

  /// The draft forward of the step that added this node, from 1; 0 where the policy did.
  public int forward(int node) {
    return forwards[node];
  }

  /// Confidence `q_ij`.
  public float draftProb(int node) {
    return draftProbs[node];
  }

  /// Survival `s_ij`: the product of the confidences from the root down to this node.
  public float survival(int node) {
    return survivals[node];
  }

  /// Whether the draft runs or ran this node, so that its keys and values are in the draft's cache.
  public boolean expanded(int node) {
    return expanded[node];
  }

  /// Whether `node` is there and has no children, none asked for either.
  boolean expandable(int node) {
    return node <= size && !expanded[node] && !dropped[node];
  }

  /// Marks `node` for the step's draft forward number `nextForward`, which is to add `width`
  /// children.
  void expand(int node, int width, int nextForward) {
    expanded[node] = true;
    pending += width;
    forward = nextForward;
  }

  void forwardDone() {
    pending = 0;
  }

  public boolean dropped(int node) {
    return dropped[node];
  }

  /// The draft's distribution that the children of `node` were sampled from, shape `[vocabulary]`,
  /// or null where they were chosen deterministically (verification then treats each as a point
  /// mass).
  public float[] distribution(int node) {
    return distributions[node];
  }

  public void distribution(int node, float[] probabilities) {
    distributions[node] = probabilities;
  }

  /// Whether `node` exists and `width` more children fit below it, beside those asked for already.
  public boolean hasRoom(int node, int width) {
    return node <= size && size + pending + width <= maxNodes && depths[node] < maxDepth;
  }

  /// Prunes a node together with its descendants.
  public void drop(int node) {
    if (node < 1 || node > size) {
      throw new IllegalArgumentException("no draft token " + node + " in a tree of " + size);
    }
    if (dropped[node]) {
      return;
    }
    dropped[node] = true;
    kept--;
    for (int child = node + 1; child <= size; child++) {
      if (parents[child] >= node && dropped[parents[child]] && !dropped[child]) {
        dropped[child] = true;
        kept--;
      }
    }
  }

  /// The kept nodes in ascending order, without the root.
  public int[] keptNodes() {
    if (kept == 0) {
      return NOTHING;
    }
    int[] nodes = new int[kept];
    for (int node = 1, i = 0; i < kept; node++) {
      if (!dropped[node]) {
        nodes[i++] = node;
      }
    }
    return nodes;
  }
}
