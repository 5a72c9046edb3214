package io.adaspec.engine.spec;

import java.util.Arrays;

/// The draft tokens of one request in one step: a token tree rooted at the last emitted token.
///
/// Node 0 is the root; draft tokens are the nodes `1..size()`, numbered in the order they were
/// added, a parent always before its children. A chain is a tree without branches. What is known of
/// each token lies in the step's [DraftTokens]. Reused from step to step.
public final class Proposal {
  private static final int[] NOTHING = {};

  private final DraftTokens tokens;

  /// Of the tokens, by node; the root's is that of the request.
  private int[] numbers = new int[9];

  private int size;
  private int kept;
  private int maxNodes;
  private int maxDepth;

  Proposal(DraftTokens tokens) {
    this.tokens = tokens;
  }

  void reset(int request, int rootToken, int maxNodes, int maxDepth) {
    this.maxNodes = maxNodes;
    this.maxDepth = maxDepth;
    size = 0;
    kept = 0;
    numbers[0] = request;
    tokens.addRoot(rootToken, maxNodes, maxDepth);
  }

  /// Adds a draft token below `parent` and returns its node.
  ///
  /// @param draftProb the draft's probability of the token, its *confidence* `q`, in [0, 1]
  public int add(int parent, int token, float draftProb) {
    if (parent < 0 || parent > size || tokens.dropped(numbers[parent])) {
      throw new IllegalArgumentException("no kept node " + parent + " in a tree of " + size);
    }
    int above = numbers[parent];
    if (size == maxNodes || tokens.depth(above) == maxDepth) {
      throw new IllegalStateException(
          "no room below node " + parent + ": " + maxNodes + " nodes, depth " + maxDepth);
    }
    int last = numbers[size];
    int rank = tokens.parent(last) == above ? tokens.rank(last) + 1 : 0;
    int node = ++size;
    if (node == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * node);
    }
    numbers[node] = tokens.add(above, token, node, rank, draftProb);
    if (tokens.expandedBy(above) == 0) {
      tokens.takeRoom(numbers[0], 1);
    }
    kept++;
    return node;
  }

  /// Drafted tokens, pruned ones included.
  public int size() {
    return size;
  }

  /// Drafted tokens that are still to be verified.
  public int kept() {
    return kept;
  }

  /// The number of a node's token in [DraftTokens].
  public int number(int node) {
    return numbers[node];
  }

  public int token(int node) {
    return tokens.id(numbers[node]);
  }

  /// The parent's node, -1 for the root.
  public int parent(int node) {
    return node == 0 ? -1 : tokens.node(tokens.parent(numbers[node]));
  }

  public int depth(int node) {
    return tokens.depth(numbers[node]);
  }

  /// The draft forward of the step that added this node, from 1; 0 where the policy did.
  public int forward(int node) {
    return node == 0 ? 0 : tokens.expandedBy(tokens.parent(numbers[node]));
  }

  /// Confidence `q_ij`.
  public float draftProb(int node) {
    return tokens.draftProb(numbers[node]);
  }

  /// Survival `s_ij`: the product of the confidences from the root down to this node.
  public float survival(int node) {
    return tokens.survival(numbers[node]);
  }

  /// Whether the draft runs or ran this node, so that its keys and values are in the draft's cache.
  public boolean expanded(int node) {
    return tokens.expandedBy(numbers[node]) > 0;
  }

  /// What a draft forward was asked for and did not add is free again.
  void forwardDone() {
    tokens.room(numbers[0], maxNodes - size);
  }

  public boolean dropped(int node) {
    return tokens.dropped(numbers[node]);
  }

  /// The draft's distribution that the children of `node` were sampled from, shape `[vocabulary]`,
  /// or null where they were chosen deterministically (verification then treats each as a point
  /// mass).
  public float[] distribution(int node) {
    return tokens.distribution(numbers[node]);
  }

  public void distribution(int node, float[] probabilities) {
    tokens.distribution(numbers[node], probabilities);
  }

  /// Whether `node` exists and `width` more children fit below it, beside those asked for already.
  public boolean hasRoom(int node, int width) {
    return node <= size && tokens.hasRoom(numbers[node], width);
  }

  /// Prunes a node together with its descendants.
  public void drop(int node) {
    if (node < 1 || node > size) {
      throw new IllegalArgumentException("no draft token " + node + " in a tree of " + size);
    }
    if (dropped(node)) {
      return;
    }
    tokens.drop(numbers[node]);
    kept--;
    for (int child = node + 1; child <= size; child++) {
      if (!dropped(child) && dropped(parent(child)) && parent(child) >= node) {
        tokens.drop(numbers[child]);
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
      if (!dropped(node)) {
        nodes[i++] = node;
      }
    }
    return nodes;
  }
}
