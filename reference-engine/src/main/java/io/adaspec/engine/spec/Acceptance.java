package io.adaspec.engine.spec;

/// The verdict on one request's proposal.
///
/// @param path accepted nodes from the root's child downwards
/// @param tokens emitted tokens: those of the path, then the target's own (bonus or correction)
///   unless the path ended in a stop token
public record Acceptance(int[] path, int[] tokens) {
  public int accepted() {
    return path.length;
  }

  /// Whether the target ruled on a draft token: it had accepted the parent and went on from there.
  /// Of a token that was not verified, the one it emitted there says what it would have ruled.
  public boolean judges(Proposal proposal, int node) {
    int parentDepth = proposal.depth(node) - 1;
    return parentDepth < tokens.length
        && (parentDepth == 0 || path[parentDepth - 1] == proposal.parent(node));
  }

  /// Whether the target emitted a draft token in its place, verified or not.
  public boolean matches(Proposal proposal, int node) {
    return judges(proposal, node) && tokens[proposal.depth(node) - 1] == proposal.token(node);
  }

  public boolean accepts(Proposal proposal, int node) {
    int depth = proposal.depth(node);
    return depth <= path.length && path[depth - 1] == node;
  }
}
