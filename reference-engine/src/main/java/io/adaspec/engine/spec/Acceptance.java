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
}
