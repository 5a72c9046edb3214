package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestView;

/// What each request's objectives ask of a step: how much its tokens weigh, and how long the step
/// may take.
///
/// A request's *slack* is the deadline of its next token, `t_first + n · TPOT`, minus now: a token
/// earlier than its deadline is credit for the next.
final class SloSlack {
  /// Weight of a request that is late or about to be.
  static final double URGENT = 2;

  /// Weight of a request whose objectives cannot be met any more.
  static final double LOST = 0.5;

  /// Times the plain pace that speculation is taken to reach at most.
  static final double FASTEST = 2;

  private final boolean perRequest;
  private double[] weights = new double[16];
  private double limitNanos;

  /// @param perRequest false weighs all requests alike and asks, as AdaSpec does, that no step
  ///   takes longer than the tightest TPOT objective
  SloSlack(boolean perRequest) {
    this.perRequest = perRequest;
  }

  /// @param plainNanos of the step without speculation
  void begin(BatchView batch, double plainNanos) {
    if (weights.length < batch.size()) {
      weights = new double[2 * batch.size()];
    }
    limitNanos = Double.POSITIVE_INFINITY;
    for (int i = 0; i < batch.size(); i++) {
      RequestView request = batch.request(i);
      weights[i] = perRequest ? weight(request, batch.nowNanos(), plainNanos) : 1;
      if (request.slo().tpotNanos() != Slo.NONE) {
        double slack =
            perRequest ? slackNanos(request, batch.nowNanos()) : request.slo().tpotNanos();
        // Who is late whatever is done does not hold the others back.
        if (!perRequest || slack >= plainNanos) {
          limitNanos = Math.min(limitNanos, slack);
        }
      }
    }
  }

  /// Time until the next token is due by the TPOT objective.
  static double slackNanos(RequestView request, long nowNanos) {
    return request.firstTokenNanos()
        + (double) request.outputTokens() * request.slo().tpotNanos()
        - nowNanos;
  }

  /// Weight of a request's tokens in the goodput that strategies are compared by.
  static double weight(RequestView request, long nowNanos, double plainNanos) {
    double untilEnd = Double.POSITIVE_INFINITY;
    double slack = Double.POSITIVE_INFINITY;
    int left = request.maxDepth() + 1;
    if (request.slo().tpotNanos() != Slo.NONE) {
      slack = slackNanos(request, nowNanos);
      untilEnd = slack + (left - 1.0) * request.slo().tpotNanos();
    }
    if (request.slo().e2eNanos() != Slo.NONE) {
      double end = (double) request.arrivalNanos() + request.slo().e2eNanos() - nowNanos;
      untilEnd = Math.min(untilEnd, end);
      slack = Math.min(slack, end - (left - 1) * plainNanos);
    }
    if (untilEnd < left * plainNanos / FASTEST) {
      return LOST;
    }
    return slack < 2 * plainNanos ? URGENT : 1;
  }

  double weight(int i) {
    return weights[i];
  }

  /// The longest that the step may take: every request that is on time stays so, even if the step
  /// emits a single token for it.
  double limitNanos() {
    return limitNanos;
  }
}
