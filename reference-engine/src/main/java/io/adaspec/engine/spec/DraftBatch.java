package io.adaspec.engine.spec;

import java.util.Arrays;

/// The proposals of one step and the draft forward that is asked for next.
///
/// A policy asks for growth with [#expand]; the executor runs all requested expansions as one
/// batched draft forward and adds the children; then the policy is asked again. Reused from step to
/// step.
public final class DraftBatch {
  private Proposal[] proposals = new Proposal[0];
  private int size;
  private int[] requests = new int[16];
  private int[] nodes = new int[16];
  private int[] widths = new int[16];
  private int expansions;
  private int[] catchUpRequests = new int[4];
  private int[] catchUpTokens = new int[4];
  private int catchUps;
  private int forwards;

  /// Empties the proposals for a new step.
  public void begin(BatchView batch) {
    size = batch.size();
    provide(size);
    for (int i = 0; i < size; i++) {
      RequestView request = batch.request(i);
      int root = request.tokens().at(request.tokens().length() - 1);
      proposals[i].reset(root, request.maxNodes(), request.maxDepth());
    }
    expansions = 0;
    catchUps = 0;
    forwards = 0;
  }

  private void provide(int requests) {
    int provided = proposals.length;
    if (provided < requests) {
      proposals = Arrays.copyOf(proposals, Math.max(16, 2 * requests));
      for (int i = provided; i < proposals.length; i++) {
        proposals[i] = new Proposal();
      }
    }
  }

  /// `B`.
  public int size() {
    return size;
  }

  public Proposal proposal(int i) {
    return proposals[i];
  }

  /// Draft tokens of all requests, pruned ones included.
  public int drafted() {
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += proposals[i].size();
    }
    return sum;
  }

  /// Draft tokens of all requests that are still to be verified.
  public int kept() {
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += proposals[i].kept();
    }
    return sum;
  }

  /// Draft forwards run in this step.
  public int forwards() {
    return forwards;
  }

  /// Asks for `width` children below `node` of request `i` in the next draft forward.
  ///
  /// @return false, and nothing is asked for, where the request has no room for them
  public boolean expand(int i, int node, int width) {
    Proposal proposal = proposals[i];
    if (width < 1 || !proposal.expandable(node)) {
      throw new IllegalArgumentException(
          "cannot expand node " + node + " of request " + i + " by " + width);
    }
    if (!proposal.hasRoom(node, width)) {
      return false;
    }
    if (expansions == requests.length) {
      requests = Arrays.copyOf(requests, 2 * expansions);
      nodes = Arrays.copyOf(nodes, 2 * expansions);
      widths = Arrays.copyOf(widths, 2 * expansions);
    }
    proposal.expand(node, width, forwards + 1);
    requests[expansions] = i;
    nodes[expansions] = node;
    widths[expansions++] = width;
    return true;
  }

  /// Asks that the draft catches up with the first `tokens` of those that it has not seen of a
  /// request which does not draft in this step; before the first draft forward only. For lags too
  /// long for one step: a root that is expanded brings all of its lag along.
  public void catchUp(BatchView batch, int i, int tokens) {
    if (forwards > 0
        || tokens < 1
        || tokens >= batch.request(i).draftLag()
        || proposals[i].expanded(0)) {
      throw new IllegalArgumentException("request " + i + " cannot catch up by " + tokens);
    }
    if (catchUps == catchUpRequests.length) {
      catchUpRequests = Arrays.copyOf(catchUpRequests, 2 * catchUps);
      catchUpTokens = Arrays.copyOf(catchUpTokens, 2 * catchUps);
    }
    catchUpRequests[catchUps] = i;
    catchUpTokens[catchUps++] = tokens;
  }

  /// Requests that are to catch up in this step.
  public int catchUps() {
    return catchUps;
  }

  public int catchUpRequest(int c) {
    return catchUpRequests[c];
  }

  public int catchUpTokens(int c) {
    return catchUpTokens[c];
  }

  /// Expansions asked for and not yet run.
  public int expansions() {
    return expansions;
  }

  public int expansionRequest(int e) {
    return requests[e];
  }

  public int expansionNode(int e) {
    return nodes[e];
  }

  public int expansionWidth(int e) {
    return widths[e];
  }

  /// `n` of the draft forward that is asked for: a root brings all tokens that the draft has not
  /// seen.
  public int forwardTokens(BatchView batch) {
    int sum = 0;
    for (int e = 0; e < expansions; e++) {
      sum += nodes[e] == 0 ? batch.request(requests[e]).draftLag() : 1;
    }
    return sum;
  }

  /// `C` of the draft forward that is asked for: each request's cached tokens are read once.
  public long forwardContext(BatchView batch) {
    long sum = 0;
    for (int e = 0; e < expansions; e++) {
      RequestView request = batch.request(requests[e]);
      if (nodes[e] == 0) {
        sum += request.contextTokens() + 1 - request.draftLag();
      } else if (e == 0 || requests[e] != requests[e - 1]) {
        sum += request.contextTokens() + proposals[requests[e]].depth(nodes[e]);
      }
    }
    return sum;
  }

  /// Called after a draft forward: its expansions are done.
  public void forwardDone() {
    for (int e = 0; e < expansions; e++) {
      proposals[requests[e]].forwardDone();
    }
    expansions = 0;
    forwards++;
  }
}
