package io.adaspec.engine.spec;

/// What a policy may know of a step before it runs.
///
/// @param requests the decode batch, index `i` of the efficiency model; owned by the record
/// @param prefills prompts that share the step's target forward, or pieces of them
/// @param prefillTokens their tokens
/// @param prefillContext cached tokens that they read, summed over the prompts
/// @param waiting requests that wait for admission
public record BatchView(
    long step,
    long nowNanos,
    RequestView[] requests,
    int prefills,
    int prefillTokens,
    long prefillContext,
    int waiting) {
  /// `B`.
  public int size() {
    return requests.length;
  }

  public RequestView request(int i) {
    return requests[i];
  }
}
