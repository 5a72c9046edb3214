package io.adaspec.harness.cli;

import io.adaspec.engine.EngineConfig;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.harness.sim.AcceptanceSource;
import io.adaspec.harness.sim.SimulatedDevice;
import io.adaspec.harness.sim.Simulation;
import io.adaspec.harness.sim.TooLong;
import io.adaspec.workload.WorkloadPlan;
import java.util.Locale;

/// What a simulation says before it starts: what is simulated, and what to keep in mind about it.
final class SimulationPreamble {
  private final Environment environment;

  SimulationPreamble(Environment environment) {
    this.environment = environment;
  }

  /// @param planned before requests were cut to the context
  void print(Simulation.Spec spec, WorkloadPlan planned) {
    SimulatedDevice device = spec.device();
    EngineConfig engine = device.limits();
    say("Deployment %s: simulated %s", device.name(), device.device());
    say(
        "Engine     batch %d, context %d, %,d KV blocks of %d tokens",
        engine.scheduler().maxBatch(),
        engine.scheduler().maxContext(),
        engine.blocks(),
        engine.blockSize());
    acceptance(spec.acceptance(), device);
    Preamble.objectives(spec.objectives(), this::say);
    WorkloadPlan workload = spec.workload();
    say(
        "Workload   %s: %,d requests in %.1f s, %,d prompt and %,d output tokens",
        workload.trace().name(),
        workload.requests().size(),
        workload.requests().getLast().arrivalNanos() / 1e9,
        workload.promptTokens(),
        workload.outputTokens());
    if (!workload.trace().hasLengths()) {
      say("           the trace gives arrivals only: lengths are drawn from the embedded trace's");
    }
    Preamble.losses(workload.trace().losses(), this::say);
    int context = TooLong.context(device);
    int tooLong = planned.exceeding(context).size();
    if (tooLong > 0) {
      say(
          "           %,d of them exceed the context of %d and are %s",
          tooLong, context, workload.equals(planned) ? "rejected" : "cut to it");
    }
  }

  private void acceptance(AcceptanceSource source, SimulatedDevice device) {
    switch (source) {
      case AcceptanceSource.Recorded recorded -> {
        Rollouts.Header header = recorded.library().header();
        say(
            "Outcomes   recorded of %s and %s: %s, %d generations, %,d positions",
            header.target().name(),
            header.draft().name(),
            recorded.name(),
            recorded.library().generations(),
            recorded.library().positions());
        if (!recorded.fits(device)) {
          say("           of other models than the deployment's");
        }
      }
      case AcceptanceSource.Synthetic synthetic ->
          say(
              "Outcomes   synthetic, parameters '%s': drawn, not measured",
              synthetic.model().name());
    }
  }

  private void say(String format, Object... arguments) {
    environment.say(String.format(Locale.ROOT, format, arguments));
  }
}
