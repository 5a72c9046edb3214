package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.request.TokenView;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.RecordSink;
import io.adaspec.harness.record.RequestProgress;
import io.adaspec.harness.record.SloMix;
import io.adaspec.workload.PlannedRequest;
import java.util.List;

/// The event loop of one simulated run: hands over what has arrived, steps the engine while it has
/// work, and otherwise lets the time until the next arrival pass at once. Requests exist from their
/// arrival to their end.
public final class VirtualReplay {
  private static final int[] NO_STOP_TOKENS = {};
  private static final int STEPS_PER_UPDATE = 4096;

  /// Asked now and then.
  @FunctionalInterface
  public interface Progress {
    /// Goes on to the end.
    Progress NONE = (nanos, ended) -> true;

    /// @param nanos virtual time
    /// @param ended requests that have ended
    /// @return whether to go on
    boolean update(long nanos, int ended);
  }

  /// Stands for a prompt of which only the length matters: an array of its size would be most of
  /// the memory of a queue.
  private record UnreadPrompt(int length) implements TokenView {
    @Override
    public int at(int index) {
      return 0;
    }
  }

  private final Simulation.Spec spec;
  private final List<PlannedRequest> requests;
  private final Walks walks;
  private final boolean needsText;
  private final Clock.Virtual clock;
  private final RecordSink sink;
  private final Engine engine;
  private final int limit;
  private final RequestProgress[] progress;
  private int inFlight;
  private long slotFreeNanos;
  private int arrived;
  private int ended;
  private long steps;

  VirtualReplay(
      Simulation.Spec spec,
      Walks walks,
      PolicySpec policy,
      Executor executor,
      CostModel cost,
      Clock.Virtual clock,
      RecordSink sink) {
    this.spec = spec;
    this.requests = spec.workload().requests();
    this.progress = new RequestProgress[requests.size()];
    this.walks = walks;
    this.needsText = policy.source() == PolicySpec.Source.POLICY;
    this.limit = spec.maxConcurrency().orElse(Integer.MAX_VALUE);
    this.clock = clock;
    this.sink = sink;
    this.engine =
        new Engine(
            spec.device().limits(), executor, policy, cost, clock, this::onStep, this::onTokens);
  }

  /// @return whether all requests have ended; what was in flight when `watcher` stopped the run is
  ///   recorded as unfinished
  boolean run(Progress watcher) {
    long nextUpdate = 0;
    while (ended < requests.size()) {
      while (arrived < requests.size()
          && requests.get(arrived).arrivalNanos() <= clock.nanos()
          && inFlight < limit) {
        submit(requests.get(arrived++));
      }
      if (engine.hasWork()) {
        step();
      } else if (arrived < requests.size()) {
        clock.advanceTo(requests.get(arrived).arrivalNanos());
      } else if (ended < requests.size()) {
        throw new IllegalStateException(requests.size() - ended + " requests are lost");
      }
      if (steps >= nextUpdate) {
        nextUpdate = steps + STEPS_PER_UPDATE;
        if (!watcher.update(clock.nanos(), ended)) {
          recordUnfinished();
          return false;
        }
      }
    }
    return true;
  }

  /// Submits a request at its arrival, or as soon as a slot was free. The engine takes it between
  /// two steps, as it does in real time.
  private void submit(PlannedRequest planned) {
    int promptTokens = planned.lengths().prompt();
    TokenView prompt =
        needsText
            ? TokenView.of(walks.prompt(planned.id(), promptTokens))
            : new UnreadPrompt(promptTokens);
    RequestProgress started = progress(planned, prompt);
    started.dispatched(Math.max(planned.arrivalNanos(), slotFreeNanos));
    progress[planned.id()] = started;
    inFlight++;
    engine.submit(started.request());
  }

  private RequestProgress progress(PlannedRequest planned, TokenView prompt) {
    SloMix.Assigned objectives = spec.objectives().assign(spec.seed(), planned.id());
    Request request =
        new Request(
            planned.id(),
            prompt,
            planned.lengths().output(),
            NO_STOP_TOKENS,
            SamplingParams.GREEDY,
            objectives.slo(),
            planned.arrivalNanos());
    return new RequestProgress(request, planned.category(), objectives.sloClass());
  }

  private void step() {
    long before = steps;
    engine.step();
    if (steps == before) {
      throw new IllegalStateException("the engine has work, and did nothing");
    }
  }

  private void onStep(StepRecord step) {
    steps++;
    sink.step(step);
  }

  private void onTokens(TokenEvent event) {
    int id = (int) event.requestId();
    if (progress[id].accept(event)) {
      slotFreeNanos = inFlight == limit ? event.nanos() : slotFreeNanos;
      inFlight--;
      ended++;
      sink.request(progress[id].record());
      progress[id] = null;
    }
  }

  /// What has arrived and not ended, dispatched or not.
  private void recordUnfinished() {
    for (int id = 0; id < arrived; id++) {
      if (progress[id] != null) {
        sink.request(progress[id].record());
      }
    }
    for (int id = arrived;
        id < requests.size() && requests.get(id).arrivalNanos() <= clock.nanos();
        id++) {
      PlannedRequest planned = requests.get(id);
      sink.request(progress(planned, new UnreadPrompt(planned.lengths().prompt())).record());
    }
  }
}
