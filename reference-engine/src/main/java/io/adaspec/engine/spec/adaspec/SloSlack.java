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
      if (perRequest) {
        weights[i] = weight(request, batch.nowNanos(), plainNanos);
        double latest = latestNanos(request, batch.nowNanos(), plainNanos);
        if (latest >= plainNanos && !isLost(request)) {
          limitNanos = Math.min(limitNanos, latest);
        }
      } else {
        weights[i] = 1;
        limitNanos = Math.min(limitNanos, tpotNanos(request));
      }
    }
  }

  /// Time until the next token is due by the TPOT objective.
  static double slackNanos(RequestView request, long nowNanos) {
    return request.firstTokenNanos() + request.outputTokens() * tpotNanos(request) - nowNanos;
  }

  /// Time until the last token is due, should the reply be as long as it may.
  private static double untilEndNanos(RequestView request, long nowNanos) {
    double byPace = slackNanos(request, nowNanos) + request.maxDepth() * tpotNanos(request);
    return request.slo().e2eNanos() == Slo.NONE
        ? byPace
        : Math.min(byPace, (double) request.arrivalNanos() + request.slo().e2eNanos() - nowNanos);
  }

  /// Time that is left for the step if plain steps after it are to end the reply in time.
  private static double latestNanos(RequestView request, long nowNanos, double plainNanos) {
    return untilEndNanos(request, nowNanos) - request.maxDepth() * plainNanos;
  }

  private static double tpotNanos(RequestView request) {
    return request.slo().tpotNanos() == Slo.NONE
        ? Double.POSITIVE_INFINITY
        : request.slo().tpotNanos();
  }

  private static boolean isLost(RequestView request) {
    return request.firstTokenNanos() - request.arrivalNanos() > request.slo().ttftNanos();
  }

  /// Weight of a request's tokens in the goodput that strategies are compared by.
  static double weight(RequestView request, long nowNanos, double plainNanos) {
    double fastest = (request.maxDepth() + 1) * plainNanos / FASTEST;
    if (isLost(request) || untilEndNanos(request, nowNanos) < fastest) {
      return LOST;
    }
    double slack =
        Math.min(slackNanos(request, nowNanos), latestNanos(request, nowNanos, plainNanos));
    return slack < 2 * plainNanos ? URGENT : 1;
  }

  double weight(int i) {
    return weights[i];
  }

  /// The longest that the step may take: every request that plain steps keep on time to its end
  /// stays so, even if this step emits a single token for it. A request that plain steps would make
  /// late holds no step back, as speculation alone may be fast enough for it.
  double limitNanos() {
    return limitNanos;
  }
}
