package io.adaspec.engine.spec;

import java.util.List;

/// What a policy may know of a step before it runs.
///
/// @param requests the decode batch, index `i` of the efficiency model
/// @param prefillTokens prompt tokens that share the step's target forward
/// @param prefillContext cached tokens that they read, summed over the prompts
/// @param waiting requests that wait for admission
public record BatchView(
    long step,
    long nowNanos,
    List<RequestView> requests,
    int prefillTokens,
    long prefillContext,
    int waiting) {
  public BatchView {
    requests = List.copyOf(requests);
  }

  /// `B`.
  public int size() {
    return requests.size();
  }

  public RequestView request(int i) {
    return requests.get(i);
  }
}
