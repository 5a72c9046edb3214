package io.adaspec.harness.run;

import io.adaspec.engine.Clock;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.harness.record.ArrowRunWriter;
import io.adaspec.harness.record.RequestProgress;
import io.adaspec.harness.record.RequestRecord;
import io.adaspec.harness.record.RunDirectory;
import io.adaspec.harness.record.RunInfo;
import io.adaspec.harness.record.SloMix;
import io.adaspec.harness.target.Deployment;
import io.adaspec.harness.target.EngineTarget;
import io.adaspec.harness.target.ServingTarget;
import io.adaspec.workload.Workload;
import io.adaspec.workload.WorkloadRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/// Replays a workload in real time through the engine and records it. Several policies can be
/// replayed one after the other: each gets a fresh engine, the same prompts, arrivals and seeds.
public final class Replay {
  /// Between now and the first possible arrival: time to open the files, so that no dispatch is
  /// late.
  private static final long LEAD_NANOS = 1_000_000_000;

  private static final long TICK_NANOS = 250_000_000;

  /// Told now and then how the run goes.
  @FunctionalInterface
  public interface Progress {
    /// @param elapsedNanos since the run's origin
    void update(long elapsedNanos, int dispatched, LiveStats live);
  }

  /// How a run ended; its files are closed.
  ///
  /// @param info as it has to be written with the verdict
  /// @param failure what stopped the engine, null where nothing did
  public record Ended(RunInfo info, Throwable failure) {}

  private final Deployment deployment;
  private final Optional<LatencyProfile> profile;
  private final RunConfig config;
  private final Workload workload;
  private final Clock clock;
  private final StopSignal stop;

  /// @param profile what policies predict with; what one run learns on top of it, no other knows.
  ///   Empty where none of them asks: see [PolicySpec#asksCosts]
  public Replay(
      Deployment deployment,
      Optional<LatencyProfile> profile,
      RunConfig config,
      Workload workload,
      Clock clock,
      StopSignal stop) {
    this.deployment = deployment;
    this.profile = profile;
    this.config = config;
    this.workload = workload;
    this.clock = clock;
    this.stop = stop;
  }

  /// Rehearses the policy, serves some requests all at once and forgets them: code is compiled and
  /// memory touched before anything is measured.
  public void warmUp(PolicySpec policy) throws IOException, InterruptedException {
    Rehearsal.of(policy);
    List<RequestProgress> requests =
        schedule(clock.nanos()).stream().limit(config.load().warmups()).toList();
    RequestTracker tracker = new RequestTracker(requests, record -> false, RunSink.none());
    try (ServingTarget target = engine(policy, tracker).start()) {
      requests.forEach(progress -> target.submit(progress.request()));
      while (!tracker.await(TICK_NANOS)) {
        stop.check();
      }
    }
    if (tracker.failure() != null) {
      throw new RunFailedException("the warm-up failed", tracker.failure());
    }
  }

  /// Runs to the end of the workload, to the drain timeout or until it is stopped.
  ///
  /// @param meetsObjectives of a request that has ended
  public Ended run(
      PolicySpec policy,
      RunDirectory directory,
      RunInfo info,
      Predicate<RequestRecord> meetsObjectives,
      Progress progress)
      throws IOException, InterruptedException {
    long origin = clock.nanos() + LEAD_NANOS;
    List<RequestProgress> requests = schedule(origin);
    Semaphore slots = new Semaphore(config.load().slots(), true);
    try (ArrowRunWriter writer = ArrowRunWriter.open(directory, info, origin)) {
      if (profile.isPresent()) {
        profile.get().write(directory.profile());
      }
      RequestTracker tracker =
          new RequestTracker(requests, meetsObjectives, new RunSink(writer, slots));
      String interruption;
      try (EngineTarget target = engine(policy, tracker)) {
        LoadGenerator generator =
            new LoadGenerator(
                requests.stream().map(RequestProgress::request).toList(),
                clock,
                Waiter.parkThenSpin(clock),
                slots,
                (request, nanos) -> {
                  tracker.dispatched(request, nanos);
                  target.submit(request);
                });
        target.start();
        interruption = drive(generator, tracker, origin, progress);
        tracker.abandonAll(target);
      }
      tracker.recordUnfinished(clock.nanos());
      long stalls = writer.stalls();
      RunInfo.Status status =
          interruption.isEmpty() ? RunInfo.Status.COMPLETE : RunInfo.Status.INTERRUPTED;
      return new Ended(info.ended(status, interruption, stalls), tracker.failure());
    }
  }

  /// Dispatches and waits.
  ///
  /// @return why the run ended early, empty where it did not
  private String drive(
      LoadGenerator generator, RequestTracker tracker, long origin, Progress progress)
      throws InterruptedException {
    Thread dispatcher =
        Thread.ofPlatform()
            .name("adaspec-dispatcher")
            .daemon()
            .start(() -> dispatch(generator, tracker));
    long lastArrival = origin + workload.requests().getLast().arrivalNanos();
    try {
      while (!tracker.await(TICK_NANOS)) {
        long now = clock.nanos();
        progress.update(Math.max(0, now - origin), tracker.dispatched(), tracker.live());
        if (stop.isRequested()) {
          return "stopped by a signal";
        }
        if (now - lastArrival > config.load().drainTimeout().toNanos()) {
          return "requests were not finished within the drain timeout of "
              + config.load().drainTimeout().toSeconds()
              + " s";
        }
      }
      return tracker.failure() == null ? "" : "it failed: " + tracker.failure();
    } finally {
      dispatcher.interrupt();
      dispatcher.join();
    }
  }

  private static void dispatch(LoadGenerator generator, RequestTracker tracker) {
    try {
      generator.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tracker.onFailure(e);
    }
  }

  private EngineTarget engine(PolicySpec policy, RequestTracker tracker) {
    return new EngineTarget(
        config.engine(),
        deployment.executor(),
        policy,
        CostModels.of(policy, profile),
        clock,
        tracker);
  }

  private List<RequestProgress> schedule(long origin) {
    int[] stopTokens =
        config.generation().ignoreEos() ? new int[0] : deployment.codec().stopTokens();
    List<RequestProgress> requests = new ArrayList<>();
    for (WorkloadRequest planned : workload.requests()) {
      SloMix.Assigned objectives = config.objectives().assign(config.seed(), planned.id());
      Request request =
          new Request(
              planned.id(),
              planned.promptTokens(),
              planned.maxNewTokens(),
              stopTokens,
              config.generation().sampling(config.seed() + planned.id()),
              objectives.slo(),
              origin + planned.arrivalNanos());
      requests.add(new RequestProgress(request, planned.category(), objectives.sloClass()));
    }
    return requests;
  }

  /// Hands records to the writer and frees the slot of a request that has ended.
  private record RunSink(ArrowRunWriter writer, Semaphore slots) implements RequestTracker.Sink {
    static RequestTracker.Sink none() {
      return new RequestTracker.Sink() {
        @Override
        public void request(RequestRecord record) {}

        @Override
        public void step(StepRecord record) {}

        @Override
        public void ended() {}
      };
    }

    @Override
    public void request(RequestRecord record) {
      writer.request(record);
    }

    @Override
    public void step(StepRecord record) {
      writer.step(record);
    }

    @Override
    public void ended() {
      slots.release();
    }
  }
}
