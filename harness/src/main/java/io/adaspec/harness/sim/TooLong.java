package io.adaspec.harness.sim;

import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.WorkloadPlan;
import java.util.List;
import java.util.Locale;

/// What is done about requests longer than a deployment's context.
public enum TooLong {
  /// Refuse to run.
  REFUSE,
  /// Cut them to it, prompts first.
  CUT,
  /// Send them, and let the engine reject them.
  REJECT;

  /// @throws IllegalArgumentException for another word
  public static TooLong parse(String text) {
    for (TooLong action : values()) {
      if (action.toString().equals(text)) {
        return action;
      }
    }
    throw new IllegalArgumentException("--too-long must be refuse, cut or reject: '" + text + "'");
  }

  /// The word in options, plans and results.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Most tokens that a request may have: the last one needs no cell of the cache.
  public static int context(SimulatedDevice device) {
    long cells = (long) device.limits().blocks() * device.limits().blockSize();
    return (int) Math.min(device.limits().scheduler().maxContext(), cells + 1);
  }

  /// The requests as they are sent.
  ///
  /// @throws IllegalArgumentException where some do not fit and that is refused
  public WorkloadPlan apply(WorkloadPlan plan, SimulatedDevice device) {
    int context = context(device);
    List<PlannedRequest> exceeding = plan.exceeding(context);
    if (exceeding.isEmpty() || this == REJECT) {
      return plan;
    }
    if (this == CUT) {
      return plan.cutTo(context);
    }
    PlannedRequest first = exceeding.getFirst();
    throw new IllegalArgumentException(
        ("%s: request %d has %d prompt and %d output tokens, the context of %s is %d, and %d of %d"
                + " requests exceed it: --too-long cut or reject")
            .formatted(
                plan.trace().name(),
                first.id(),
                first.lengths().prompt(),
                first.lengths().output(),
                device.name(),
                context,
                exceeding.size(),
                plan.requests().size()));
  }
}
