package io.adaspec.engine.exec;

import io.adaspec.engine.request.Request;
import io.adaspec.engine.spec.Proposal;

/// Sampled drafts: children drawn from the draft's distribution, without replacement.
public final class DraftSampler {
  /// Keeps the drafts' draws apart from those of verification.
  private static final long SALT = 0x5DEECE66D1CE4E5BL;

  private final Draws.Source source;
  private long[] order = {};
  private float[] rest = {};

  /// @param source [SeededDraws], but for tests
  public DraftSampler(Draws.Source source) {
    this.source = source;
  }

  /// Adds up to `width` children below `node`, fewer where the distribution has fewer tokens, and
  /// notes the distribution for verification.
  ///
  /// @param logits the draft's after `node`, shape `[vocabulary]`; becomes the proposal's
  /// @param position output position of the children
  public void addChildren(
      Request request, Proposal proposal, int node, int width, float[] logits, int position) {
    if (order.length != logits.length) {
      order = new long[logits.length];
      rest = new float[logits.length];
    }
    Distributions.fromLogits(logits, request.sampling(), order);
    proposal.distribution(node, logits);
    System.arraycopy(logits, 0, rest, 0, logits.length);
    // Siblings' subtrees share positions; the node tells them apart.
    Draws draws = source.at(request.sampling().seed() ^ SALT + node, position);
    for (int child = 0; child < width && rest[Distributions.argmax(rest)] > 0; child++) {
      int token = draws.sample(rest);
      proposal.add(node, token, logits[token]);
      Distributions.remove(rest, token);
    }
  }
}
