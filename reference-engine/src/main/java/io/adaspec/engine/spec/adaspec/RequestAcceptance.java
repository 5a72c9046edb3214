package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestStates;
import java.util.Arrays;

/// How much more, or less, readily the target accepts the drafts of one request than their
/// confidences say: accepted over expected tokens, shrunk towards the same ratio over all requests,
/// which is shrunk towards one. The second reacts within a hundred tokens to a change that the
/// calibration takes thousands to learn.
final class RequestAcceptance {
  /// Expected tokens that the ratio of all requests counts as for one of them.
  static final double REQUEST_PRIOR = 8;

  /// Expected tokens that a ratio of one counts as for all requests.
  static final double PRIOR = 16;

  private static final double REQUEST_DECAY = 0.98;
  private static final double DECAY = 0.99;

  /// An acceptance probability is never believed to be higher.
  static final double MOST = 0.98;

  /// Accepted and expected tokens, both decaying.
  private static final class Tally {
    private double accepted;
    private double expected;

    void judged(double acceptance, boolean wasAccepted, double decay) {
      expected = expected * decay + acceptance;
      accepted = accepted * decay + (wasAccepted ? 1 : 0);
    }

    double ratio(double prior, double weight) {
      return (accepted + weight * prior) / (expected + weight);
    }

    void clear() {
      accepted = 0;
      expected = 0;
    }
  }

  private final boolean enabled;
  private final Tally all = new Tally();
  private final RequestStates<Tally> requests = new RequestStates<>(Tally::new, Tally::clear);
  private double[] ratios = new double[16];

  /// @param enabled false takes all requests for alike, and as the calibration says
  RequestAcceptance(boolean enabled) {
    this.enabled = enabled;
    Arrays.fill(ratios, 1);
  }

  void begin(BatchView batch) {
    if (ratios.length < batch.size()) {
      ratios = new double[2 * batch.size()];
      Arrays.fill(ratios, 1);
    }
    if (enabled) {
      requests.begin(batch);
      double prior = all.ratio(1, PRIOR);
      for (int i = 0; i < batch.size(); i++) {
        ratios[i] = requests.of(i).ratio(prior, REQUEST_PRIOR);
      }
    }
  }

  /// The acceptance of a token of request `i`, from that of all requests' tokens like it.
  double of(int i, double acceptance) {
    return Math.min(MOST, ratios[i] * acceptance);
  }

  /// The target judged a first choice of the draft for request `i`.
  ///
  /// @param acceptance what the calibration said of it
  void judged(int i, double acceptance, boolean wasAccepted) {
    if (enabled) {
      requests.of(i).judged(acceptance, wasAccepted, REQUEST_DECAY);
      all.judged(acceptance, wasAccepted, DECAY);
    }
  }
}
