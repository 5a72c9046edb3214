package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.RequestView;

/// Tokens that the draft has not seen, such as a prompt that it was spared: catching up with them
/// is an investment over the tokens that the request may still emit. It is made within a budget per
/// step, piece by piece where a request's lag exceeds it.
final class CatchUp {
  /// Tokens of a root's forward that are no catching up: the root itself and, after a step whose
  /// drafts were all accepted, the last of them.
  private static final int USUAL_LAG = 2;

  /// No piece is smaller, so that a piece is mostly work and not launching.
  private static final int SMALLEST_PIECE = 32;

  private double budgetNanos;
  private boolean pieceTaken;

  /// @param nanos to catch up in this step, all requests
  void begin(double nanos) {
    budgetNanos = nanos;
    pieceTaken = false;
  }

  /// Tokens of a root's forward that are charged to the step itself.
  static int chargedTokens(RequestView request) {
    return Math.min(USUAL_LAG, request.draftLag());
  }

  /// Cached tokens that those read.
  static long chargedContext(RequestView request) {
    return request.contextTokens() + 1L - chargedTokens(request);
  }

  /// What the request's lag adds to a draft forward.
  static double nanos(RequestView request, StepTimes times) {
    int lag = request.draftLag();
    if (lag <= USUAL_LAG) {
      return 0;
    }
    double whole = times.forwardNanos(1, lag, request.contextTokens() + 1L - lag);
    return Math.max(0, whole - times.forwardNanos(1, USUAL_LAG, chargedContext(request)));
  }

  /// What each token that speculation wins for the request is charged for catching up.
  ///
  /// @param wonPerStep expected tokens beyond the one of a plain step
  static double nanosPerToken(RequestView request, double catchUpNanos, double wonPerStep) {
    double steps = (request.maxDepth() + 1) / (1 + wonPerStep);
    return catchUpNanos / (steps * wonPerStep);
  }

  /// Whether the request's root may be expanded now. Where its lag does not fit the budget, asks
  /// for a piece of it instead, one per step.
  boolean ready(BatchView batch, DraftBatch drafts, int i, double catchUpNanos) {
    if (catchUpNanos <= Math.max(0, budgetNanos)) {
      budgetNanos -= catchUpNanos;
      return true;
    }
    if (pieceTaken || budgetNanos <= 0) {
      return false;
    }
    int lag = batch.request(i).draftLag();
    int piece = (int) Math.max(SMALLEST_PIECE, lag * budgetNanos / catchUpNanos);
    pieceTaken = true;
    budgetNanos = 0;
    if (piece >= lag) {
      return true;
    }
    drafts.catchUp(batch, i, piece);
    return false;
  }
}
