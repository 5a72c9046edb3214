package io.adaspec.engine.spec;

import java.util.Arrays;

/// The tokens of all proposals of a step, one array per property. A token is known by its *number*:
/// first come the roots, one per request and in their order, then the draft tokens in the order
/// they were added, a parent always before its children and siblings one after the other.
///
/// What a [Proposal] shows of one request, loops over the whole batch read here. Reused; grows,
/// never shrinks.
public final class DraftTokens {
  private int[] ids = new int[64];
  private int[] requests = new int[64];
  private int[] nodes = new int[64];
  private int[] parents = new int[64];
  private int[] depths = new int[64];
  private int[] ranks = new int[64];
  private int[] forwards = new int[64];
  private float[] draftProbs = new float[64];
  private float[] survivals = new float[64];
  private boolean[] dropped = new boolean[64];
  private float[][] distributions = new float[64][];
  private int end;

  /// By request: draft tokens that are neither there nor asked for and still have room, and the
  /// longest path.
  private int[] room = new int[16];

  private int[] maxDepths = new int[16];

  void clear() {
    Arrays.fill(distributions, 0, end, null);
    end = 0;
  }

  /// Adds the root of the next request, which may have `maxNodes` draft tokens.
  void addRoot(int id, int maxNodes, int maxDepth) {
    int request = end;
    set(request, id, -1, 0, 0, 0, 1f, 1f);
    if (request >= room.length) {
      room = Arrays.copyOf(room, 2 * request);
      maxDepths = Arrays.copyOf(maxDepths, 2 * request);
    }
    room[request] = maxNodes;
    maxDepths[request] = maxDepth;
  }

  /// @param parent its number
  /// @param node in its request's proposal
  /// @return the new token's number
  int add(int parent, int id, int node, int rank, float draftProb) {
    return set(
        requests[parent],
        id,
        parent,
        node,
        depths[parent] + 1,
        rank,
        draftProb,
        survivals[parent] * draftProb);
  }

  private int set(
      int request,
      int id,
      int parent,
      int node,
      int depth,
      int rank,
      float draftProb,
      float survival) {
    if (end == ids.length) {
      grow();
    }
    ids[end] = id;
    requests[end] = request;
    nodes[end] = node;
    parents[end] = parent;
    depths[end] = depth;
    ranks[end] = rank;
    forwards[end] = 0;
    draftProbs[end] = draftProb;
    survivals[end] = survival;
    dropped[end] = false;
    return end++;
  }

  private void grow() {
    int capacity = 2 * ids.length;
    ids = Arrays.copyOf(ids, capacity);
    requests = Arrays.copyOf(requests, capacity);
    nodes = Arrays.copyOf(nodes, capacity);
    parents = Arrays.copyOf(parents, capacity);
    depths = Arrays.copyOf(depths, capacity);
    ranks = Arrays.copyOf(ranks, capacity);
    forwards = Arrays.copyOf(forwards, capacity);
    draftProbs = Arrays.copyOf(draftProbs, capacity);
    survivals = Arrays.copyOf(survivals, capacity);
    dropped = Arrays.copyOf(dropped, capacity);
    distributions = Arrays.copyOf(distributions, capacity);
  }

  /// Whether `width` children have room below this token, beside those that are there or asked for.
  boolean hasRoom(int token, int width) {
    int request = requests[token];
    return room[request] >= width && depths[token] < maxDepths[request];
  }

  /// The step's draft forward number `forward` is to add `width` children to this token.
  void expand(int token, int width, int forward) {
    forwards[token] = forward;
    takeRoom(requests[token], width);
  }

  void takeRoom(int request, int nodes) {
    room[request] -= nodes;
  }

  void room(int request, int nodes) {
    room[request] = nodes;
  }

  void drop(int token) {
    dropped[token] = true;
  }

  float[] distribution(int token) {
    return distributions[token];
  }

  void distribution(int token, float[] probabilities) {
    distributions[token] = probabilities;
  }

  /// The number after the last token's.
  public int end() {
    return end;
  }

  public int request(int token) {
    return requests[token];
  }

  /// Node of the token in its request's [Proposal].
  public int node(int token) {
    return nodes[token];
  }

  /// Id in the vocabulary.
  public int id(int token) {
    return ids[token];
  }

  /// The parent's number, -1 for a root.
  public int parent(int token) {
    return parents[token];
  }

  public int depth(int token) {
    return depths[token];
  }

  /// Position among the siblings, 0 for the draft's first choice.
  public int rank(int token) {
    return ranks[token];
  }

  /// Confidence `q_ij`; 1 for a root.
  public float draftProb(int token) {
    return draftProbs[token];
  }

  /// Survival `s_ij`: the product of the confidences from the root down to this token.
  public float survival(int token) {
    return survivals[token];
  }

  /// The draft forward of the step that runs or ran this token, from 1; 0 for none.
  public int expandedBy(int token) {
    return forwards[token];
  }

  public boolean dropped(int token) {
    return dropped[token];
  }
}
