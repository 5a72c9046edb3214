package io.adaspec.baselines.world;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.StepRecord;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.request.TokenEvent;
import io.adaspec.engine.sched.SchedulerConfig;
import io.adaspec.engine.spec.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;

/// A deterministic simulation in closed form: the real engine, scheduler and policies in virtual
/// time over a [Device] and a [Text]. The policy's cost model is a profile of the device as it was
/// before anything changed.
public final class World {
  private final Device device;
  private LongFunction<Text> text = request -> new Text(0.7, 1.5, 1);
  private DoubleUnaryOperator targetSlowdown = seconds -> 1;
  private DoubleUnaryOperator draftSlowdown = seconds -> 1;
  private double ratePerSecond = 1;
  private int requests = 100;
  private int promptTokens = 80;
  private int outputTokens = 80;
  private int maxBatch = 16;
  private Slo slo = Slo.UNCONSTRAINED;
  private long seed = 1;

  public World(Device device) {
    this.device = device;
  }

  /// What a policy made of it; times in milliseconds.
  public record Result(
      String policy,
      double meanEndToEnd,
      double meanFirstToken,
      double meanPerToken,
      double end,
      double meanBatch,
      double attainment,
      List<StepRecord> steps) {
    /// Draft tokens verified per decode.
    public double meanLength() {
      return (double) steps.stream().mapToInt(StepRecord::verified).sum()
          / Math.max(1, steps.stream().mapToInt(StepRecord::batch).sum());
    }
  }

  /// Draft and target write other texts for other requests.
  public World text(LongFunction<Text> ofRequest) {
    text = ofRequest;
    return this;
  }

  public World acceptance(double acceptance) {
    return text(request -> new Text(acceptance, 1.5, 1));
  }

  /// Factors of the forwards' times over the seconds since the start.
  public World slowdown(DoubleUnaryOperator ofTarget, DoubleUnaryOperator ofDraft) {
    targetSlowdown = ofTarget;
    draftSlowdown = ofDraft;
    return this;
  }

  /// Poisson arrivals.
  public World load(double requestsPerSecond, int requestCount) {
    ratePerSecond = requestsPerSecond;
    requests = requestCount;
    return this;
  }

  /// Mean lengths; each is uniform between half and one and a half of it.
  public World lengths(int prompt, int output) {
    promptTokens = prompt;
    outputTokens = output;
    return this;
  }

  public World maxBatch(int requestCount) {
    maxBatch = requestCount;
    return this;
  }

  public World slo(Slo objectives) {
    slo = objectives;
    return this;
  }

  public World seed(long value) {
    seed = value;
    return this;
  }

  private List<Request> arrivals() {
    SplittableRandom random = new SplittableRandom(seed);
    List<Request> arrivals = new ArrayList<>();
    double seconds = 0;
    for (int id = 0; id < requests; id++) {
      seconds += -Math.log(1 - random.nextDouble()) / ratePerSecond;
      int prompt = promptTokens / 2 + random.nextInt(promptTokens + 1);
      int output = outputTokens / 2 + random.nextInt(outputTokens + 1);
      arrivals.add(
          new Request(
              id,
              new int[Math.max(1, prompt)],
              Math.max(1, output),
              new int[0],
              SamplingParams.GREEDY,
              slo,
              (long) (seconds * 1e9)));
    }
    return arrivals;
  }

  /// Serves all requests.
  public Result run(String policy) {
    Clock.Virtual clock = new Clock.Virtual();
    List<Request> arrivals = arrivals();
    Tally tally = new Tally(arrivals);
    int context = 2 * (promptTokens + outputTokens) + 16;
    SchedulerConfig limits = new SchedulerConfig(maxBatch, Math.max(256, 2 * maxBatch), context);
    WorldExecutor executor = new WorldExecutor(device, text, targetSlowdown, draftSlowdown, clock);
    Engine engine =
        new Engine(
            new EngineConfig(limits, (maxBatch + 1) * Math.ceilDiv(context + 32, 16), 16),
            executor,
            Policies.parse(policy),
            new ProfiledCostModel(device.profile()),
            clock,
            tally.steps::add,
            tally::take);
    for (int next = 0; next < arrivals.size() || engine.hasWork(); ) {
      if (!engine.hasWork()) {
        clock.advance(Math.max(0, arrivals.get(next).arrivalNanos() - clock.nanos()));
      }
      while (next < arrivals.size() && arrivals.get(next).arrivalNanos() <= clock.nanos()) {
        engine.submit(arrivals.get(next++));
      }
      engine.step();
    }
    return tally.result(policy, clock.nanos());
  }

  private static final class Tally {
    final List<StepRecord> steps = new ArrayList<>();
    private final List<Request> requests;
    private final long[] firsts;
    private final long[] lasts;

    Tally(List<Request> requests) {
      this.requests = requests;
      firsts = new long[requests.size()];
      lasts = new long[requests.size()];
    }

    void take(TokenEvent event) {
      int id = (int) event.requestId();
      if (event.tokens().length > 0 && firsts[id] == 0) {
        firsts[id] = event.nanos();
      }
      lasts[id] = event.nanos();
      if (event.finish() != null && !event.finish().reason().completed()) {
        throw new IllegalStateException(event.toString());
      }
    }

    Result result(String policy, long endNanos) {
      double endToEnd = 0;
      double firstToken = 0;
      double perToken = 0;
      int met = 0;
      for (int id = 0; id < firsts.length; id++) {
        Request request = requests.get(id);
        long ttft = firsts[id] - request.arrivalNanos();
        double tpot = (lasts[id] - firsts[id]) / Math.max(1.0, request.maxNewTokens() - 1);
        long e2e = lasts[id] - request.arrivalNanos();
        endToEnd += e2e;
        firstToken += ttft;
        perToken += tpot;
        if (ttft <= request.slo().ttftNanos()
            && tpot <= request.slo().tpotNanos()
            && e2e <= request.slo().e2eNanos()) {
          met++;
        }
      }
      double scale = 1e-6 / firsts.length;
      double batch = steps.stream().mapToInt(StepRecord::batch).average().orElse(0);
      return new Result(
          policy,
          scale * endToEnd,
          scale * firstToken,
          scale * perToken,
          endNanos / 1e6,
          batch,
          (double) met / firsts.length,
          steps);
    }
  }
}
