package io.adaspec.engine;

import io.adaspec.engine.spec.Acceptance;
import io.adaspec.engine.spec.Proposal;
import io.adaspec.engine.spec.RequestView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the policy saw of one request of a step's batch, what was drafted and kept for it, and the
/// verdict: enough to ask the same policy again.
///
/// @param requestId the request
/// @param contextTokens see [RequestView], as are the next five
/// @param nodes draft tokens in the order they were drafted; the first is node 1 of the proposal
/// @param emitted tokens emitted: the accepted ones and the target's own
public record Decision(
    long requestId,
    int contextTokens,
    int draftLag,
    int maxNodes,
    int maxDepth,
    int outputTokens,
    long firstTokenNanos,
    List<Node> nodes,
    int emitted) {
  /// A draft token.
  ///
  /// @param parent its parent's node, 0 for the root
  /// @param confidence the draft's probability of it
  /// @param kept whether it was verified
  /// @param accepted whether it is on the accepted path
  /// @param matched whether the target emitted it in its place, verified or not
  /// @param forward see [Proposal#forward]
  public record Node(
      int parent, float confidence, boolean kept, boolean accepted, boolean matched, int forward) {}

  public Decision {
    nodes = List.copyOf(nodes);
  }

  static Decision of(RequestView request, Proposal proposal, Acceptance verdict) {
    List<Node> nodes = new ArrayList<>(proposal.size());
    for (int node = 1; node <= proposal.size(); node++) {
      nodes.add(
          new Node(
              proposal.parent(node),
              proposal.draftProb(node),
              !proposal.dropped(node),
              verdict.accepts(proposal, node),
              verdict.matches(proposal, node),
              proposal.forward(node)));
    }
    return new Decision(
        request.id(),
        request.contextTokens(),
        request.draftLag(),
        request.maxNodes(),
        request.maxDepth(),
        request.outputTokens(),
        request.firstTokenNanos(),
        nodes,
        verdict.tokens().length);
  }

  /// The emitted tokens, each named by the node that it matches, or 0 where it matches none.
  public int[] matches() {
    int[] matches = new int[emitted];
    int[] depths = new int[nodes.size() + 1];
    for (int node = 1; node <= nodes.size(); node++) {
      depths[node] = depths[nodes.get(node - 1).parent()] + 1;
      if (nodes.get(node - 1).matched()) {
        matches[depths[node] - 1] = node;
      }
    }
    return matches;
  }

  /// Accepted nodes from the root's child downwards.
  public int[] path() {
    int[] path = new int[nodes.size()];
    int depth = 0;
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).accepted()) {
        path[depth++] = i + 1;
      }
    }
    return Arrays.copyOf(path, depth);
  }
}
