package io.adaspec.harness.sim;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.LatencyTable;
import io.adaspec.engine.exec.Profiler;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.BatchView;
import io.adaspec.engine.spec.DraftBatch;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.SpeculationPolicy;
import io.adaspec.engine.spec.UnknownCosts;
import io.adaspec.harness.record.Rollouts;
import io.adaspec.workload.PlannedRequest;
import io.adaspec.workload.trace.TokenLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Measures a simulated device as the real ones are measured: with the engine's own profiler, on a
/// grid, with noise. What a policy predicts with is this, never the device's cost model itself, so
/// that predictions err as they do on a real device.
public final class SimulatedProfiler {
  private static final long STREAM = 0x70726f66696c65L;
  private static final int OVERHEAD_STEPS = 61;

  private SimulatedProfiler() {}

  /// A pure function of its arguments.
  ///
  /// @param noise standard deviation of the logarithm of every measured duration
  /// @param acceptanceByRank measured apart, from the rollouts
  public static LatencyProfile measure(
      SimulatedDevice device, double noise, long seed, List<Double> acceptanceByRank) {
    EngineConfig limits = device.limits();
    Clock.Virtual clock = new Clock.Virtual();
    SimulatedExecutor executor = executor(device, clock, noise, seed);
    LatencyProfile forwards =
        new Profiler(
                executor,
                limits.scheduler(),
                limits.blocks(),
                limits.blockSize(),
                device.targetCost().tellsRequestsApart(),
                clock::nanos)
            .measure(
                key(device), "", device.draft().isPresent(), (target, draft, done, total) -> {});
    double step = overhead(device, noise, seed, false);
    double drafting = device.draft().isPresent() ? overhead(device, noise, seed, true) : step;
    return new LatencyProfile(
        LatencyProfile.VERSION,
        forwards.key(),
        forwards.measuredAt(),
        forwards.verify(),
        forwards.draft(),
        step,
        Math.max(0, drafting - step),
        0,
        acceptanceByRank);
  }

  /// A profile that says `factor` times what it should.
  static LatencyProfile scaled(LatencyProfile profile, double factor) {
    return new LatencyProfile(
        profile.version(),
        profile.key(),
        profile.measuredAt(),
        scaled(profile.verify(), factor),
        scaled(profile.draft(), factor),
        factor * profile.verifyOverheadNanos(),
        factor * profile.draftOverheadNanos(),
        factor * profile.firstDraftNanos(),
        profile.acceptanceByRank());
  }

  private static List<LatencyTable.Point> scaled(List<LatencyTable.Point> points, double factor) {
    return points.stream()
        .map(
            point ->
                new LatencyTable.Point(
                    point.requests(),
                    point.newTokens(),
                    point.contextTokens(),
                    factor * point.nanos()))
        .toList();
  }

  private static LatencyProfile.Key key(SimulatedDevice device) {
    return new LatencyProfile.Key(
        device.device(), device.target(), device.draft().orElse(""), "", 1, "simulated");
  }

  /// Median time of a step outside its forwards, serving one request.
  private static double overhead(
      SimulatedDevice device, double noise, long seed, boolean drafting) {
    Clock.Virtual clock = new Clock.Virtual();
    List<StepRecord> steps = new ArrayList<>();
    Engine engine =
        new Engine(
            device.limits(),
            executor(device, clock, noise, seed),
            new PolicySpec(
                "overhead-probe",
                drafting ? 1 : 0,
                drafting ? PolicySpec.Source.DRAFT_MODEL : PolicySpec.Source.NONE,
                true,
                cost -> drafting ? new OneToken() : new NoTokens()),
            new UnknownCosts(),
            clock,
            steps::add,
            event -> {});
    int tokens = Math.min(OVERHEAD_STEPS, device.limits().scheduler().maxContext() - 1);
    engine.submit(
        new Request(
            0, new int[1], tokens, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0));
    while (engine.hasWork()) {
      engine.step();
    }
    double[] outside =
        steps.stream()
            .filter(step -> step.batch() > 0 && (step.draftForwards() > 0) == drafting)
            .mapToDouble(step -> step.totalNanos() - step.draftNanos() - step.verifyNanos())
            .sorted()
            .toArray();
    return outside.length == 0 ? 0 : outside[outside.length / 2];
  }

  private static final class NoTokens implements SpeculationPolicy {
    @Override
    public void grow(BatchView batch, DraftBatch drafts) {}
  }

  private static final class OneToken implements SpeculationPolicy {
    @Override
    public void grow(BatchView batch, DraftBatch drafts) {
      for (int i = 0; drafts.forwards() == 0 && i < batch.size(); i++) {
        drafts.expand(i, 0, 1);
      }
    }
  }

  /// An executor whose texts are one token, never accepted: only its durations matter.
  private static SimulatedExecutor executor(
      SimulatedDevice device, Clock.Virtual clock, double noise, long seed) {
    Rollouts.Generation text =
        new Rollouts.Generation(
            "",
            "",
            new int[1],
            new int[1],
            new byte[] {1},
            new byte[1],
            new float[1],
            new float[0]);
    RolloutLibrary library =
        RolloutLibrary.of(
            new Rollouts(
                new Rollouts.Header(
                    Rollouts.FORMAT_VERSION,
                    "",
                    new Rollouts.Model("", ""),
                    new Rollouts.Model("", ""),
                    "",
                    Map.of(),
                    new Rollouts.Prompts("", ""),
                    2,
                    1,
                    1),
                List.of(text)));
    List<PlannedRequest> requests =
        IntStream.range(0, device.limits().scheduler().maxBatch())
            .mapToObj(id -> new PlannedRequest(id, 0, new TokenLengths(1, 1), "", Optional.empty()))
            .toList();
    return new SimulatedExecutor(
        Walks.of(library, requests, seed),
        new DeviceTime(device, clock, List.of(), noise, seed ^ STREAM));
  }
}
