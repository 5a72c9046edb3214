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

  /// An acceptance probability is never believed to be higher.
  static final double MOST = 0.98;

  /// Accepted and expected tokens, both decaying.
  private static final class Tally {
    private double accepted;
    private double expected;

    void judged(int tokens, double expectedTokens, int acceptedTokens, Decay decay) {
      double remaining = decay.remaining(tokens);
      double weight = decay.weight(tokens);
      expected = expected * remaining + expectedTokens * weight;
      accepted = accepted * remaining + acceptedTokens * weight;
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
  private final Decay requestDecay = new Decay(0.98);
  private final Decay allDecay = new Decay(0.99);
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
    double likely = ratios[i] * acceptance;
    return likely < MOST ? likely : MOST;
  }

  /// The target judged first choices of the draft for request `i`.
  ///
  /// @param expectedTokens sum of what the calibration said of their acceptance
  void judged(int i, int tokens, double expectedTokens, int acceptedTokens) {
    if (enabled) {
      requests.of(i).judged(tokens, expectedTokens, acceptedTokens, requestDecay);
      all.judged(tokens, expectedTokens, acceptedTokens, allDecay);
    }
  }
}
