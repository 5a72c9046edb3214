package io.adaspec.engine.exec.djl;

import io.adaspec.engine.request.Sequence;
import io.adaspec.engine.spec.Proposal;

/// Rows of a decoding sequence: its own tokens, and the draft tokens of its proposal.
final class TreeRows {
  private TreeRows() {}

  /// The tokens `from .. to - 1` of the sequence, each attending to its past.
  static void tokens(ForwardBatch batch, Sequence sequence, int from, int to) {
    for (int cell = from; cell < to; cell++) {
      batch.causalRow(sequence.at(cell), cell);
    }
  }

  /// A draft token: it attends to the sequence's tokens, its ancestors and itself.
  static void node(ForwardBatch batch, Sequence sequence, Proposal proposal, int node) {
    int root = sequence.length() - 1;
    int depth = proposal.depth(node);
    int token = proposal.token(node);
    if (depth == node) { // all nodes before it are its ancestors: a chain
      batch.row(token, root + depth, root + node, root + node + 1);
      return;
    }
    batch.row(token, root + depth, root + node, root + 1);
    for (int n = node; n > 0; n = proposal.parent(n)) {
      batch.visible(root + n);
    }
  }
}
