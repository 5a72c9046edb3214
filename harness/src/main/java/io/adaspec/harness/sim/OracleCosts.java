package io.adaspec.harness.sim;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.RequestView;

/// What a step's strategies truly cost on a simulated device, noise aside.
///
/// Prompts that share the target forward take their time whatever is speculated; only what
/// speculation adds to them counts. Several prompts of one step count as one.
final class OracleCosts {
  /// Tokens of a root's forward that are no catching up: the root itself and, after a step whose
  /// drafts were all accepted, the last of them.
  private static final int USUAL_LAG = 2;

  private final SimulatedDevice device;
  private final ForwardCost draft;
  private int requests;
  private int roots;
  private int decodes;
  private long context;
  private long pairs;
  private double plainNanos;
  private double sharedNanos;
  private double draftNanos;
  private int draftTokens;
  private long draftContext;
  private long draftPairs;
  private int draftRows;

  OracleCosts(SimulatedDevice device) {
    this.device = device;
    this.draft = device.draftCost().orElseThrow();
  }

  /// Starts from the strategy that drafts nothing.
  void begin(BatchView batch) {
    decodes = batch.size();
    requests = decodes + batch.prefills();
    long cached = 0;
    for (int i = 0; i < decodes; i++) {
      cached += batch.request(i).contextTokens();
    }
    int prompts = batch.prefillTokens();
    roots = decodes + prompts;
    context = cached + batch.prefillContext();
    pairs =
        cached + decodes + prompts * batch.prefillContext() + (long) prompts * (prompts + 1) / 2;
    double alone = targetNanos(decodes, decodes, cached, cached + decodes, decodes);
    plainNanos = device.stepOverheadNanos() + alone;
    sharedNanos = prompts == 0 ? alone : targetNanos(requests, roots, context, pairs, decodes);
    draftNanos = 0;
    beginForward();
  }

  private double targetNanos(int ofRequests, int tokens, long cached, long attended, int rows) {
    return device.targetCost().nanos(new ForwardShape(ofRequests, tokens, cached, attended, rows));
  }

  /// Charges the draft forward so far and starts the next one.
  void beginForward() {
    draftNanos += forwardNanos();
    draftTokens = 0;
    draftContext = 0;
    draftPairs = 0;
    draftRows = 0;
  }

  private double forwardNanos() {
    return draftRows == 0
        ? 0
        : draft.nanos(
            new ForwardShape(draftRows, draftTokens, draftContext, draftPairs, draftRows));
  }

  /// Adds the token below `depth` of a request's chain to the draft forward and to the target's.
  void add(RequestView request, int depth) {
    int tokens = depth == 0 ? Math.min(USUAL_LAG, request.draftLag()) : 1;
    long length = request.contextTokens() + 1L + depth;
    draftTokens += tokens;
    draftContext += length - tokens;
    draftPairs += tokens * length;
    draftRows++;
    pairs += length + 1;
  }

  /// Time of a step with all that was added.
  ///
  /// @param draftTokensVerified by the target
  double stepNanos(int draftTokensVerified) {
    if (draftTokensVerified == 0) {
      return plainNanos;
    }
    double verify =
        targetNanos(
            requests, roots + draftTokensVerified, context, pairs, decodes + draftTokensVerified);
    return plainNanos
        + device.draftOverheadNanos()
        + draftNanos
        + forwardNanos()
        + verify
        - sharedNanos;
  }

  /// What tokens that the draft has not seen yet add to a request's first draft forward.
  double catchUpNanos(RequestView request) {
    int lag = request.draftLag();
    if (lag <= USUAL_LAG) {
      return 0;
    }
    return rootNanos(request, lag) - rootNanos(request, USUAL_LAG);
  }

  private double rootNanos(RequestView request, int tokens) {
    long length = request.contextTokens() + 1L;
    long seen = length - tokens;
    long attended = (length * (length + 1) - seen * (seen + 1)) / 2;
    return draft.nanos(new ForwardShape(1, tokens, seen, attended, 1));
  }
}
