package io.adaspec.engine.spec.adaspec;

import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.CostModel;
import java.util.Arrays;

/// Predicted times of a step's strategies, in nanoseconds: how long the step takes, and what it
/// costs the decode batch. The two differ in two ways.
///
/// Prompts that share the target forward take their time whatever is speculated, so their share
/// does not count in the goodput that strategies are compared by; but whoever waits for a first
/// token waits for a longer step as well, so what speculation adds counts for them, too. And what
/// the draft catches up with is an investment ([CatchUp]), charged to the tokens that it wins and
/// not to the step.
final class StepTimes {
  private final CostModel cost;
  private int requests;
  private int roots;
  private long context;
  private double[] verify = new double[64];
  private int known;
  private double plainNanos;
  private double plainCost;
  private double draftOverhead;
  private double delay;
  private double draftNanos;
  private double draftCharge;

  StepTimes(CostModel cost) {
    this.cost = cost;
  }

  /// Starts from the strategy that drafts nothing.
  void begin(BatchView batch) {
    int size = batch.size();
    requests = size + batch.prefills();
    roots = size + batch.prefillTokens();
    long cached = 0;
    for (int i = 0; i < size; i++) {
      cached += batch.request(i).contextTokens();
    }
    context = cached + batch.prefillContext();
    draftNanos = 0;
    draftCharge = 0;
    known = 0;
    provide(size);
    boolean prompts = batch.prefillTokens() > 0;
    double overhead = cost.verifyOverheadNanos();
    plainNanos = overhead + verify[0];
    plainCost = prompts ? overhead + cost.verifyNanos(size, size, cached) : plainNanos;
    draftOverhead = cost.draftOverheadNanos();
    delay = prompts ? 1 + Math.min(1.0, (1.0 + batch.waiting()) / size) : 1;
  }

  /// Makes verification times up to `draftTokens` known.
  private void provide(int draftTokens) {
    if (draftTokens >= known) {
      if (draftTokens >= verify.length) {
        verify = Arrays.copyOf(verify, 2 * draftTokens);
      }
      cost.verifyNanos(requests, roots, context, verify, known, draftTokens + 1);
      known = draftTokens + 1;
    }
  }

  /// `T` without speculation.
  double plainNanos() {
    return plainNanos;
  }

  /// `T` of the step.
  ///
  /// @param draftTokens to verify, all requests
  /// @param moreDraftNanos forwards yet to run, on top of those charged
  double nanos(int draftTokens, double moreDraftNanos) {
    return plainNanos + added(draftTokens, draftNanos + moreDraftNanos);
  }

  /// What the step costs, as goodput counts it.
  double charge(int draftTokens, double moreDraftCharge) {
    return plainCost + delay * added(draftTokens, draftCharge + moreDraftCharge);
  }

  /// What one more token to verify is charged, on average over the next `tokens` after
  /// `draftTokens`.
  double tokenCharge(int draftTokens, int tokens) {
    provide(draftTokens + tokens);
    return delay * (verify[draftTokens + tokens] - verify[draftTokens]) / tokens;
  }

  private double added(int draftTokens, double drafting) {
    provide(draftTokens);
    double overhead = drafting > 0 ? draftOverhead : 0;
    return overhead + drafting + verify[draftTokens] - verify[0];
  }

  /// `T_d`.
  double forwardNanos(int requests, int tokens, long cached) {
    return cost.draftNanos(requests, tokens, cached);
  }

  /// A draft forward is going to run.
  ///
  /// @param nanos of it
  /// @param catchUpNanos of those, spent on what the draft catches up with
  void drafted(double nanos, double catchUpNanos) {
    draftNanos += nanos;
    draftCharge += nanos - catchUpNanos;
  }
}
