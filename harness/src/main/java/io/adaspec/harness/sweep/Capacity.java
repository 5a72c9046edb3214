package io.adaspec.harness.sweep;

import io.adaspec.engine.request.Slo;
import io.adaspec.harness.sim.ForwardShape;
import io.adaspec.harness.sim.SimulatedDevice;

/// What a deployment does with requests of mean lengths without speculation, by its cost model: an
/// estimate to place loads and objectives by, not a result.
///
/// @param requestsPerSecond the highest rate that any batch sustains whose steps carry the prompts
///   that its finished requests make room for
/// @param prefillNanos a mean prompt alone
/// @param decodeNanos a step of one request halfway through a mean reply
record Capacity(double requestsPerSecond, double prefillNanos, double decodeNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  static Capacity of(SimulatedDevice device, double prompt, double output) {
    return new Capacity(
        saturation(device, prompt, output),
        prefill(device, prompt),
        step(device, 1, 0, prompt, output));
  }

  Slo slo(MatrixPlan.Objectives objectives) {
    return new Slo(
        Math.round(objectives.ttft() * prefillNanos),
        Math.round(objectives.tpot() * decodeNanos),
        Slo.NONE);
  }

  private static double saturation(SimulatedDevice device, double prompt, double output) {
    double cached = (double) device.limits().blocks() * device.limits().blockSize();
    double held = prompt + output / 2;
    double most = Math.min(device.limits().scheduler().maxBatch(), cached / held);
    double tokens = device.limits().scheduler().maxBatchTokens();
    double best = 0;
    for (int batch = 1; batch <= Math.max(1, most); batch++) {
      double prompts = batch * prompt / output;
      // A step has room for so many tokens; a batch whose prompts need more is served more slowly.
      double steps = Math.max(1, (batch + prompts) / tokens);
      double nanos = steps * step(device, batch / steps, prompts / steps, prompt, output);
      best = Math.max(best, batch / output / nanos);
    }
    return best * NANOS_PER_SECOND;
  }

  /// A step of `batch` requests halfway through their replies and `prompts` tokens of prompts.
  private static double step(
      SimulatedDevice device, double batch, double prompts, double prompt, double output) {
    double context = batch * (prompt + output / 2);
    return device.stepOverheadNanos()
        + device
            .targetCost()
            .nanos(
                new ForwardShape(
                    (int) Math.ceil(batch + prompts / prompt),
                    (int) Math.round(batch + prompts),
                    Math.round(context + (prompts > 0 ? prompt / 2 : 0)),
                    Math.round(context + batch + prompts * prompt / 2),
                    (int) Math.ceil(batch + prompts / prompt)));
  }

  private static double prefill(SimulatedDevice device, double prompt) {
    int chunk = device.limits().scheduler().maxBatchTokens();
    int left = (int) Math.round(prompt);
    long before = 0;
    double nanos = 0;
    while (left > 0) {
      int tokens = Math.min(chunk, left);
      long pairs = tokens * before + (long) tokens * (tokens + 1) / 2;
      nanos += device.stepOverheadNanos();
      nanos += device.targetCost().nanos(new ForwardShape(1, tokens, before, pairs, 1));
      before += tokens;
      left -= tokens;
    }
    return nanos;
  }
}
