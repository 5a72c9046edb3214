package io.adaspec.engine.spec;

import java.util.Arrays;

/// The proposals of one step and the draft forward that is asked for next.
///
/// A policy asks for growth with [#expand]; the executor runs all requested expansions as one
/// batched draft forward and adds the children; then the policy is asked again. Reused from step to
/// step.
public final class DraftBatch {
  private final DraftTokens tokens = new DraftTokens();
  private Proposal[] proposals = new Proposal[0];
  private int size;
  private int[] expanded = new int[16];
  private int[] widths = new int[16];
  private int expansions;
  private int[] catchUpRequests = new int[4];
  private int[] catchUpTokens = new int[4];
  private int catchUps;
  private int forwards;
  private int newest;
  private int forwardEnd;

  /// Empties the proposals for a new step.
  public void begin(BatchView batch) {
    size = batch.size();
    provide(size);
    tokens.clear();
    for (int i = 0; i < size; i++) {
      RequestView request = batch.request(i);
      int root = request.tokens().at(request.tokens().length() - 1);
      proposals[i].reset(i, root, request.maxNodes(), request.maxDepth());
    }
    expansions = 0;
    catchUps = 0;
    forwards = 0;
    newest = 0;
    forwardEnd = size;
  }

  private void provide(int requests) {
    int provided = proposals.length;
    if (provided < requests) {
      proposals = Arrays.copyOf(proposals, Math.max(16, 2 * requests));
      for (int i = provided; i < proposals.length; i++) {
        proposals[i] = new Proposal(tokens);
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

  /// All tokens of the step, batch-wide.
  public DraftTokens tokens() {
    return tokens;
  }

  /// Number of the first token that the last draft forward added; before the first forward, of the
  /// first root. Up to [DraftTokens#end], tokens may be expanded.
  public int newest() {
    return newest;
  }

  /// Draft tokens of all requests, pruned ones included.
  public int drafted() {
    return tokens.end() - size;
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
    if (node > proposals[i].size()) {
      throw cannotExpand(i, node, width);
    }
    return expand(proposals[i].number(node), width);
  }

  private static IllegalArgumentException cannotExpand(int i, int node, int width) {
    return new IllegalArgumentException(
        "cannot expand node " + node + " of request " + i + " by " + width);
  }

  /// The same below the token with this number.
  public boolean expand(int token, int width) {
    if (width < 1 || tokens.expandedBy(token) > 0 || tokens.dropped(token)) {
      throw cannotExpand(tokens.request(token), tokens.node(token), width);
    }
    if (!tokens.hasRoom(token, width)) {
      return false;
    }
    tokens.expand(token, width, forwards + 1);
    if (expansions == expanded.length) {
      expanded = Arrays.copyOf(expanded, 2 * expansions);
      widths = Arrays.copyOf(widths, 2 * expansions);
    }
    expanded[expansions] = token;
    widths[expansions++] = width;
    return true;
  }

  /// Asks for one child below each of the newest tokens that has room for it.
  public void expandNewest() {
    int end = tokens.end();
    for (int token = newest; token < end; token++) {
      expand(token, 1);
    }
  }

  /// Whether `width` children fit below the token with this number, beside those asked for already.
  public boolean hasRoom(int token, int width) {
    return tokens.hasRoom(token, width);
  }

  /// Drops the token with this number and what is below it.
  public void drop(int token) {
    proposals[tokens.request(token)].drop(tokens.node(token));
  }

  /// Asks that the draft catches up with the first `tokens` of those that it has not seen of a
  /// request which does not draft in this step; before the first draft forward only. For lags too
  /// long for one step: a root that is expanded brings all of its lag along.
  public void catchUp(BatchView batch, int i, int tokens) {
    if (forwards > 0
        || tokens < 1
        || tokens >= batch.request(i).draftLag()
        || this.tokens.expandedBy(i) > 0) {
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
    return tokens.request(expanded[e]);
  }

  public int expansionNode(int e) {
    return tokens.node(expanded[e]);
  }

  public int expansionWidth(int e) {
    return widths[e];
  }

  /// `n` of the draft forward that is asked for: a root brings all tokens that the draft has not
  /// seen.
  public int forwardTokens(BatchView batch) {
    int sum = 0;
    for (int e = 0; e < expansions; e++) {
      int token = expanded[e];
      sum += token < size ? batch.request(token).draftLag() : 1;
    }
    return sum;
  }

  /// Requests of the draft forward that is asked for.
  public int forwardRequests() {
    int count = 0;
    int previous = -1;
    for (int e = 0; e < expansions; e++) {
      int i = tokens.request(expanded[e]);
      count += i == previous ? 0 : 1;
      previous = i;
    }
    return count;
  }

  /// `C` of the draft forward that is asked for: each request's cached tokens are read once.
  public long forwardContext(BatchView batch) {
    long sum = 0;
    int previous = -1;
    for (int e = 0; e < expansions; e++) {
      int token = expanded[e];
      int i = tokens.request(token);
      RequestView request = batch.request(i);
      if (token < size) {
        sum += request.contextTokens() + 1 - request.draftLag();
      } else if (i != previous) {
        sum += request.contextTokens() + tokens.depth(token);
      }
      previous = i;
    }
    return sum;
  }

  /// Called after a draft forward: its expansions are done.
  public void forwardDone() {
    for (int e = 0; e < expansions; e++) {
      proposals[tokens.request(expanded[e])].forwardDone();
    }
    expansions = 0;
    forwards++;
    newest = forwardEnd;
    forwardEnd = tokens.end();
  }
}
